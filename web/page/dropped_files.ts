import type { DroppedFile } from "../data/dropped_entries.ts";

/**
 * All files that a person drops on the page, those in dropped folders with their paths. It must be called while the drop event is
 * being handled: afterwards the browser has let them go.
 */
export function filesFromDrop(transfer: DataTransfer): Promise<DroppedFile[]> {
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  const found = items.map((item): Promise<DroppedFile[]> => {
    const entry = item.webkitGetAsEntry();
    if (entry) return filesBelow(entry);
    const file = item.getAsFile();
    return Promise.resolve(file ? [{ path: file.name, file }] : []);
  });
  return Promise.all(found).then((files) => sorted(files.flat()));
}

/** All files that a person chose, in a folder where the input has `webkitdirectory`. */
export function filesFromInput(list: FileList): DroppedFile[] {
  return sorted([...list].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

async function filesBelow(entry: FileSystemEntry): Promise<DroppedFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//, ""), file }];
  }
  const files: DroppedFile[] = [];
  if (isFolder(entry)) {
    const reader = entry.createReader();
    // A reader gives some hundred at a time, and then none.
    for (let some = await batch(reader); some.length > 0; some = await batch(reader)) {
      for (const below of some) files.push(...await filesBelow(below));
    }
  }
  return files;
}

function batch(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function sorted(files: readonly DroppedFile[]): DroppedFile[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
