import type { ChildPlan, CutPoint, PrepareQuestion } from './messages.js';

// One program for all processes of the matrix: each does what its argument says, and loads no more than that takes.
const plan: ChildPlan = JSON.parse(process.argv[2] ?? '{}');

if (plan.role === 'run') {
  const { runPoint } = await import('./run-point.js');
  await runPoint(plan);
  process.exit(0);
}

if (plan.role === 'prepare') {
  const { answerPreparing } = await import('./prepare-points.js');
  process.on('message', async (question: PrepareQuestion) => process.send?.(await answerPreparing(question)));
} else {
  const { recoverPoints } = await import('./recover-points.js');
  process.on('message', async (points: readonly CutPoint[]) => process.send?.(await recoverPoints(points)));
}
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
