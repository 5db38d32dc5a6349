import { apiPaths, bulkPowerSchema, operationSchema, type PowerOrder, ProblemError } from '@moru/types';
import type { CloudProvider } from '../cloud/provider.ts';
import { type Route, stepped } from '../http/route.ts';
import type { OperationService } from '../operations/service.ts';
import { planPower } from './power.ts';

/** The same order for many instances: one operation, whose items each have an outcome. */
export function bulkPowerRoutes(cloud: CloudProvider, operations: OperationService): Route[] {
  const bulk = (kind: PowerOrder): Route =>
    stepped({
      method: 'post',
      path: apiPaths.bulkPower(kind),
      policy: `instance.${kind}`,
      input: { body: bulkPowerSchema },
      output: operationSchema,
      audit: ({ body }) => ({ target: { type: 'instance', id: '' }, detail: { ...body } }),
      async prepare({ caller, input: { body } }) {
        const known = new Map((await cloud.listInstances(caller)).map((instance) => [instance.id, instance]));
        const plans = body.instanceIds.map((id) => {
          const instance = known.get(id);
          if (!instance) throw new ProblemError('instance.notFound', { detail: id });
          return planPower(kind, instance, caller);
        });
        return { read: plans, instance: null, name: null, found: {} };
      },
      async handle(_call, plans, recorded) {
        const subject = { instanceId: null, instanceName: null, address: null };
        const whole = { kind: `instance.${kind}`, subject, steps: [] } as const;
        return operations.view(await operations.beginAll(recorded, whole, plans));
      },
    });
  return [bulk('start'), bulk('stop'), bulk('hardReboot')];
}
