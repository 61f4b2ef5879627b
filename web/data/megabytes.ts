/** A size for a message: "64 MB", "0.2 MB". */
export function megabytes(bytes: number): string {
  const size = bytes / (1 << 20);
  return `${size >= 10 ? Math.round(size) : Math.round(size * 10) / 10} MB`;
}
