import { type PowerOrder, whyNot } from '@moru/types';
import type { Caller, CloudProvider } from '../cloud/provider.ts';
import { refusalOf } from '../http/refusals.ts';
import type { Primitive, Primitives } from '../operations/primitives.ts';
import type { NewOperation } from '../operations/service.ts';
import { order, wasTaken } from './lifecycle.ts';

/**
 * An order for one of many instances. It ends once the cloud has taken it: a server takes minutes to come up, and the
 * others must not wait for that. The cloud's log shows the request of whoever began it, whichever attempt it is.
 */
export function planPower(
  kind: PowerOrder,
  { id, name }: { id: string; name: string },
  { requestId }: Pick<Caller, 'requestId'>,
): NewOperation {
  return {
    kind: `instance.${kind}`,
    subject: { instanceId: id, instanceName: name, address: null },
    steps: [{ name: 'order', args: { order: kind, instanceId: id, requestId } }],
  };
}

/** The change that bulk orders are made of. */
export function powerPrimitives(cloud: CloudProvider): Primitives {
  const read = (args: Record<string, string>) => {
    const { order: kind = '', instanceId = '', requestId = '' } = args;
    return { kind: kind as PowerOrder, instanceId, requestId };
  };
  const give: Primitive = {
    async run({ caller: { token } }, args) {
      const { kind, instanceId, requestId } = read(args);
      const caller = { token, requestId };
      // between the press and its turn the instance may have come into another state
      const reason = whyNot(`instance.${kind}`, 'admin', await cloud.getInstance(caller, instanceId));
      if (reason) throw refusalOf(reason);
      await order(cloud, caller, instanceId, { kind });
      return {};
    },
    async look({ caller: { token } }, args) {
      const { kind, instanceId, requestId } = read(args);
      return (await wasTaken(cloud, { token, requestId }, instanceId, kind)) && {};
    },
    inverse: () => null,
  };
  return { order: give };
}
