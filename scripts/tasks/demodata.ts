import { csvSample, workbookSample } from '../demo-data/samples.ts';
import { writeCsv, writeWorkbook } from '../demo-data/write-samples.ts';
import { assertWorkspaceNode, inWorkspace } from '../workspace.ts';

// node scripts/run.mjs demodata: makes examples/data anew. A fixed seed gives the same rows each time.
assertWorkspaceNode();
await writeWorkbook(inWorkspace('examples', 'data', 'leads.xlsx'), workbookSample());
await writeCsv(inWorkspace('examples', 'data', 'leads.csv'), csvSample());
console.log('Wrote examples/data/leads.xlsx and examples/data/leads.csv.');
