import {
  bulkPowerSchema,
  changeCheckSchema,
  confirmForOtherSchema,
  connectPublicIpSchema,
  createApiTokenSchema,
  createInstanceSchema,
  createKeyPairSchema,
  createPublicIpSchema,
  decisionRequestSchema,
  describePublicIpSchema,
  disconnectPublicIpSchema,
  draftSaveSchema,
  firewallChangeSchema,
  firewallSaveSchema,
  firewallZeroSchema,
  instanceListPreferenceSchema,
  markChainSchema,
  rebuildInstanceSchema,
  releasePublicIpsSchema,
  rolloutPlanRequestSchema,
  rolloutStartSchema,
  rotationRequestSchema,
  routingCheckSchema,
  signInSchema,
  tokenRequestSchema,
  trialExtendSchema,
  trialRevertSchema,
  trialStartSchema,
  unblockSchema,
  updateInstanceSchema,
} from '@moru/types';
import type { z } from 'zod';

/** Bodies by name, as a program would send them. */
export type Examples = Record<string, { summary: string; value: unknown }>;

const id = (last: string) => `4f1c2a9e-6d3b-4c58-9a70-0c5d2e7b1f${last}`;
const revision = '9b1f'.repeat(16);
const fingerprint = 'ab12'.repeat(16);
const publicIpId = id('0a');
const networkInterfaceId = id('0b');

const ruleSet = [
  '*filter',
  ':INPUT DROP [0:0]',
  ':FORWARD ACCEPT [0:0]',
  ':OUTPUT ACCEPT [0:0]',
  '-A INPUT -i lo -j ACCEPT',
  '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
  '-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT',
  'COMMIT',
  '',
].join('\n');
const keepOne = { type: 'keepDefault', family: 'ipv4', gateway: '198.168.0.1', device: 'eth0' } as const;

const examples = new Map<z.ZodType, Examples>();

/** Typed by the schema that the body is checked with. */
function show<Schema extends z.ZodType>(schema: Schema, named: Record<string, z.input<Schema>>): void {
  const told = Object.entries(named).map(([summary, value], index) => [`${index + 1}`, { summary, value }]);
  examples.set(schema, Object.fromEntries(told));
}

show(signInSchema, {
  'With an access key': { accessKeyId: 'a1b2c3d4e5f6', secret: 'the secret of the access key' },
  'As a seeded account of an embedded installation': { seededAccount: 'admin' },
});
show(createApiTokenSchema, {
  'For a program that only reads': {
    ...{ name: 'nightly report', role: 'reader', hours: 12, irrevocable: false },
    key: { accessKeyId: 'a1b2c3d4e5f6', secret: 'the secret of the access key' },
  },
});
show(createInstanceSchema, {
  'One server with two network interfaces': {
    ...{ name: 'web-03', imageId: id('1a'), flavorId: id('1b'), keyName: 'ops' },
    subnets: [{ subnetId: id('1c') }, { subnetId: id('1d'), privateIp: '10.10.0.31' }],
  },
});
show(updateInstanceSchema, { 'A new name': { name: 'web-front-01' } });
show(rebuildInstanceSchema, { 'A fresh image with another key pair': { imageId: id('1a'), keyName: 'ops' } });
show(createKeyPairSchema, {
  'Made by the cloud': { name: 'ops' },
  'One’s own public key': {
    name: 'laptop',
    publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFpJu2GqXxAVQ7iwGPVGpGHGqzHKKEBDDz4RnvGoYLp9',
  },
});
show(connectPublicIpSchema, {
  'A new address': { mode: 'new' },
  'An idle one of the project': { mode: 'existing', publicIpId },
  'One that is taken off another interface': {
    mode: 'move',
    publicIpId,
    fromNetworkInterfaceId: networkInterfaceId,
  },
});
show(disconnectPublicIpSchema, {
  'Keep the address, which is still billed': { publicIpId, deletePublicIp: false },
  'Give the address back as well': { publicIpId, deletePublicIp: true },
});
show(createPublicIpSchema, {
  'An address for later': { description: 'payment, from December' },
});
show(describePublicIpSchema, {
  'Another description than the one that was seen': { description: 'payment', was: 'test' },
});
show(releasePublicIpsSchema, {
  'An idle address and a connected one': {
    publicIps: [
      { id: publicIpId, networkInterfaceId: null },
      { id: id('0c'), networkInterfaceId },
    ],
  },
});
show(instanceListPreferenceSchema, {
  'Where they run, and a narrow name': {
    columns: ['status', 'availabilityZone', 'subnet', 'publicIp'],
    widths: { name: 140 },
  },
});
show(bulkPowerSchema, {
  'Two instances': { instanceIds: [id('0d'), id('0e')] },
});
show(firewallChangeSchema, {
  'Append a rule': {
    ...{ type: 'append', family: 'ipv4', revision, table: 'filter', chain: 'INPUT' },
    rule: '-p tcp -m tcp --dport 8080 -j ACCEPT',
  },
});
show(firewallSaveSchema, { 'What runs, as it was read': { family: 'ipv4', revision } });
show(firewallZeroSchema, {
  'One rule': {
    family: 'ipv4',
    table: 'filter',
    chain: 'INPUT',
    rule: { number: 2, text: '-p tcp -m tcp --dport 22 -j ACCEPT' },
  },
  'All chains of a table': { family: 'ipv4', table: 'filter', chain: null, rule: null },
});
show(markChainSchema, {
  'A chain of another program, to be left alone': { chain: 'KUBE-FIREWALL', program: 'Kubernetes' },
});
show(unblockSchema, { 'One blocked address': { family: 'ipv4', rule: '-s 203.0.113.77/32 -j DROP' } });
show(draftSaveSchema, {
  'One step, for a host without a draft': {
    ...{ version: 0, revision, next: 2, off: [], base: [] },
    steps: [{ id: 's1', table: 'filter', chain: 'INPUT', type: 'policy', policy: 'DROP' }],
  },
});
show(routingCheckSchema, { 'Keep one default gateway': { edits: [keepOne] } });
show(changeCheckSchema, {
  'Whether these rules cut anybody off': {
    ipv4: { revision, rules: ruleSet },
    administrator: '198.51.100.7',
  },
});
const oneRule: z.input<typeof rolloutPlanRequestSchema>['wanted'] = {
  ...{ kind: 'copy', instanceId: id('2a'), rules: ruleSet },
  chains: [{ table: 'filter', chain: 'INPUT', rules: [4] }],
};
show(rolloutPlanRequestSchema, {
  'What one rule of a host would change on two others': {
    ...{ wanted: oneRule, hosts: [id('2b'), id('2c')] },
  },
  'What it would be to take a roll-out back': {
    ...{ wanted: { kind: 'undo', rolloutId: id('2d') }, hosts: [id('2b')] },
  },
});
show(rolloutStartSchema, {
  'First to one host, then to five at a time': {
    wanted: oneRule,
    hosts: [
      { instanceId: id('2b'), revision },
      { instanceId: id('2c'), revision },
    ],
    ...{ waveSize: 5, pauseAfterCanary: true, acknowledged: false, note: 'HTTPS' },
  },
});
show(trialStartSchema, {
  'Rules that revert by themselves unless they are confirmed': {
    ...{ ipv4: { revision, rules: ruleSet }, key: 'c0ffee00-0000-4000-8000-000000000001' },
    ...{ note: 'Only SSH and HTTPS from outside', waitSeconds: 90, save: true },
  },
  'One default gateway': {
    ...{ routes: { revision, edits: [keepOne] }, key: 'c0ffee00-0000-4000-8000-000000000002' },
  },
});
show(trialExtendSchema, { 'Two more minutes': { waitSeconds: 120 } });
show(trialRevertSchema, { 'Because somebody asks for it': { reason: 'asked' } });
show(confirmForOtherSchema, { 'With the reason, for the log': { why: 'Whoever applied it is on a plane' } });
show(tokenRequestSchema, {
  'Usable for ten minutes, the key compared by hand': { minutes: 10, approval: 'fingerprint' },
});
show(decisionRequestSchema, { 'The key that was compared': { fingerprint } });
show(rotationRequestSchema, { 'The first step': { to: 'introduced', authority: fingerprint } });

/** Undefined where the body is empty. */
export function examplesOf(schema: z.ZodType): Examples | undefined {
  return examples.get(schema);
}
