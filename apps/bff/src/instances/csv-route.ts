import { apiPaths, type Instance, instanceListQuerySchema } from '@moru/types';
import { z } from 'zod';
import type { CloudInstance } from '../cloud/provider.ts';
import type { Summaries } from '../firewall/summaries.ts';
import { sendCsv } from '../http/csv.ts';
import { type Route, sent } from '../http/route.ts';
import type { Inventory } from '../inventory/inventory.ts';

const rowsAtOnce = 200;

/** The filtered list as a file, whole: what is not known of a host yet is not waited for. */
export function instanceCsvRoute(
  inventory: Pick<Inventory, 'view'>,
  summaries: Pick<Summaries, 'addTo' | 'known'>,
): Route {
  return sent({
    method: 'get',
    path: apiPaths.instancesCsv,
    policy: 'session',
    input: {
      query: z.strictObject(instanceListQuerySchema.omit({ limit: true, offset: true }).shape),
    },
    sends: 'text/csv',
    async send({ caller, session, input, response }) {
      const { select } = await inventory.view(session, caller);
      const { rows } = select({ ...input.query, limit: Number.MAX_SAFE_INTEGER }, summaries.known);
      await sendCsv(response, 'instances.csv', header, pages(rows, summaries));
    },
  });
}

const header = [
  ...['id', 'name', 'description', 'status', 'task', 'type', 'image', 'availability_zone', 'hostname'],
  ...['private_ips', 'public_ips', 'agent', 'input_policy', 'open_to_all', 'open_ports', 'closed_ports'],
  // further ones come last: programs read by place
  ...['unsaved_rules', 'created_at', 'changed_outside', 'subnets', 'key_name'],
];

async function* pages(rows: readonly CloudInstance[], summaries: Pick<Summaries, 'addTo'>) {
  // a file without rows has its header all the same
  for (let from = 0; from === 0 || from < rows.length; from += rowsAtOnce) {
    yield (await summaries.addTo(rows.slice(from, from + rowsAtOnce), 0)).map(cells);
  }
}

function cells(instance: Instance) {
  const { networkInterfaces: nics, firewall } = instance;
  const addresses = nics.flatMap(({ privateIp }) => privateIp ?? []);
  const subnets = nics.flatMap(({ subnet }) => subnet?.name ?? []);
  const publicAddresses = nics.flatMap(({ publicIp }) => publicIp?.address ?? []);
  return [
    ...[instance.id, instance.name, instance.description, instance.status, instance.task],
    ...[instance.flavor, instance.image, instance.availabilityZone, instance.hostname],
    ...[addresses.join(' '), publicAddresses.join(' '), firewall.agent, firewall.inputPolicy],
    ...[firewall.open, firewall.openPorts.join(' '), firewall.closedPorts.join(' ')],
    ...[firewall.unsaved, instance.createdAt, firewall.outside, subnets.join(' '), instance.keyName],
  ];
}
