/** What is wrong with a piece of XML, as far as the report's markup can go wrong: tags that do not match, bare characters, ids twice. */
export function xmlFaults(text: string): string[] {
  const faults: string[] = [];
  const open: string[] = [];
  const ids = new Set<string>();
  let end = 0;
  for (const tag of text.matchAll(/<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const between = text.slice(end, tag.index);
    if (/[<>]|&(?!(amp|lt|gt|quot|#39);)/.test(between)) faults.push(`bare markup: ${between.slice(0, 60)}`);
    end = tag.index + tag[0].length;
    const [, closing, name, attributes, alone] = tag;
    for (const [, id] of attributes!.matchAll(/\sid="([^"]*)"/g)) {
      if (ids.has(id!)) faults.push(`id ${id} twice`);
      ids.add(id!);
    }
    if (closing) {
      const last = open.pop();
      if (last !== name) faults.push(`</${name}> closes <${last}>`);
    } else if (!alone) {
      open.push(name!);
    }
  }
  if (open.length > 0) faults.push(`never closed: ${open.join(", ")}`);
  if (/[<>]/.test(text.slice(end))) faults.push(`bare markup at the end`);
  for (const [, labels] of text.matchAll(/aria-labelledby="([^"]*)"/g)) {
    for (const label of labels!.split(" ")) if (!ids.has(label)) faults.push(`no element has the id ${label}`);
  }
  return faults;
}
