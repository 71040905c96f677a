/** `512 bytes`, `12.3 KB`, `1.2 MB`; a KB is 1,000 bytes, as disks and file managers count. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  const unit = units.find(({ size }) => bytes >= size) ?? { name: 'KB', size: 1_000 };
  return `${(bytes / unit.size).toFixed(1)} ${unit.name}`;
}

const units = [
  { name: 'GB', size: 1_000_000_000 },
  { name: 'MB', size: 1_000_000 },
] as const;
