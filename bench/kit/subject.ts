import process from 'node:process';

/** A subject's whole program, the other end of `runApart`. */
export async function beSubject<Settings, Found>(work: (settings: Settings) => Promise<Found>): Promise<void> {
  const settings: Settings = JSON.parse(process.argv[2] ?? '{}');
  const found = await work(settings);
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ found, peakMegabytes }));
}
