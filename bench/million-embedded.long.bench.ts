// A lead, a page of the list and the board among 1,000,000 leads on an embedded store, and how the leads came there.
import { measureMillion } from './data/million.ts';

await measureMillion('sqlite');
