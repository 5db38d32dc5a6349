import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { instanceQuery } from '../instance-queries.ts';
import { BootOutput } from './boot-output.tsx';
import { CostNotes } from './cost-notes.tsx';
import { FactsSection } from './facts-section.tsx';
import { HostSection } from './host-section.tsx';
import { OrdersSection } from './orders-section.tsx';

/** 상세 정보: what the instance is, what it costs, and what can be done with it. */
export function DetailsTab() {
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId/details' });
  const { data: instance } = useQuery(instanceQuery(instanceId));
  if (!instance) return null;
  return (
    <div className="relative min-h-0 flex-1 overflow-auto">
      <div className="grid content-start items-start gap-3.5 py-4 narrow:px-5 wide:grid-cols-2">
        <div className="grid min-w-0 gap-3.5">
          <FactsSection instance={instance} />
          <HostSection instance={instance} />
        </div>
        <div className="grid min-w-0 gap-3.5">
          <OrdersSection instance={instance} />
          <CostNotes instance={instance} />
        </div>
        <div className="min-w-0 wide:col-span-2">
          <BootOutput instanceId={instanceId} />
        </div>
      </div>
    </div>
  );
}
