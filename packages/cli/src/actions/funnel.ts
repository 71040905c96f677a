import type { Session } from '../session.js';
import { funnelView } from '../views/funnel-view.js';
import { leadFilterOf } from './lead-filter.js';

export interface FunnelOptions {
  readonly product: string;
  readonly owner?: string;
  readonly region?: readonly string[];
  readonly source?: readonly string[];
  readonly createdFrom?: string;
  readonly createdTo?: string;
}

export async function showFunnel(session: Session, options: FunnelOptions): Promise<void> {
  const { me, output, format } = session;
  const funnel = await me.reports.funnel({
    ...leadFilterOf(options, session),
    productLine: options.product,
  });
  output.answer(funnel, () => funnelView(funnel.stages, { width: output.pageWidth, style: output.style, format }));
}
