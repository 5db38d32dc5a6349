import type { Instance, InstanceColumn, NetworkInterface } from '@moru/types';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { dateTime } from '../../i18n/format.ts';
import { Address } from '../../ui/address.tsx';
import { State } from '../../ui/badge.tsx';
import { FirewallSummary } from '../firewall-summary.tsx';
import type { InstanceSort } from '../instance-queries.ts';
import { InstanceStatus } from '../instance-status.tsx';

export interface Column<Shown = unknown> {
  id: InstanceColumn;
  label: (t: TFunction) => string;
  /** absent: the cloud's rows cannot be ordered by it */
  sort?: InstanceSort;
  /** all that its cells show of an instance: where that is as it was, a cell is not drawn anew */
  shown(instance: Instance): Shown;
  /** `deadline`: of the trial that runs on the host */
  cell(shown: Shown, t: TFunction, deadline: string | null): ReactNode;
  /** shown where nothing was chosen: always, or from `wide` on */
  usual?: 'always' | 'wide';
  /** its place in the card that a row is below `narrow`; the others stand on the instance's own page */
  card?: string;
  look?: string;
  /** its width at the most, where none was chosen */
  most?: string;
}

/** Says of each column what its cells show; the list does not need to know. */
function column<Shown>(its: Column<Shown>): Column {
  return its;
}

/** In the order in which they stand. */
export const columns: readonly Column[] = [
  column({
    id: 'status',
    label: (t) => t('instances.status'),
    sort: 'status',
    usual: 'always',
    card: 'max-narrow:[grid-area:status]',
    shown: ({ status, task, taskSince }) => ({ status, task, taskSince }),
    cell: (instance, t) => <InstanceStatus instance={instance} t={t} />,
  }),
  column({
    id: 'flavor',
    label: (t) => t('instances.type'),
    sort: 'flavor',
    usual: 'wide',
    look: 'text-fg-2',
    shown: ({ flavor }) => flavor,
    cell: (value, t) => <Name value={value} t={t} />,
  }),
  column({
    id: 'image',
    label: (t) => t('instances.image'),
    sort: 'image',
    look: 'text-fg-2',
    shown: ({ image }) => image,
    cell: (value, t) => <Name value={value} t={t} />,
  }),
  column({
    id: 'availabilityZone',
    label: (t) => t('instances.zone'),
    sort: 'availabilityZone',
    look: 'text-fg-2',
    shown: ({ availabilityZone }) => availabilityZone,
    cell: (value, t) => <Name value={value} t={t} />,
  }),
  column({
    id: 'subnet',
    label: (t) => t('network.subnet'),
    sort: 'subnet',
    look: 'text-fg-2',
    shown: ({ networkInterfaces }) => networkInterfaces.flatMap(({ subnet }) => subnet?.name ?? []),
    cell: (values, t) => <Several values={values} t={t} />,
  }),
  column({
    id: 'privateIp',
    label: (t) => t('instances.privateIp'),
    sort: 'privateIp',
    usual: 'always',
    card: 'max-narrow:w-[118px] max-narrow:[grid-area:address]',
    shown: ({ networkInterfaces }) => networkInterfaces.flatMap((nic) => nic.privateIp ?? []),
    cell: (values, t) => <Several values={values} addresses t={t} />,
  }),
  column({
    id: 'publicIp',
    label: (t) => t('publicIps.title'),
    sort: 'publicIp',
    usual: 'always',
    card: 'max-narrow:ml-32 max-narrow:[grid-area:address]',
    shown: ({ networkInterfaces }) => networkInterfaces.flatMap((nic) => nic.publicIp ?? []),
    cell: (held, t) => <PublicIps held={held} t={t} />,
  }),
  column({
    id: 'firewall',
    label: (t) => t('firewall.title'),
    usual: 'always',
    card: 'max-narrow:[grid-area:firewall]',
    shown: ({ status, firewall }) => ({ status, firewall }),
    cell: (instance, t, deadline) => <FirewallSummary instance={instance} deadline={deadline} t={t} />,
  }),
  column({
    id: 'createdAt',
    label: (t) => t('instances.createdAt'),
    sort: 'createdAt',
    look: 'text-fg-2 tabular-nums',
    shown: ({ createdAt }) => createdAt,
    cell: (createdAt, t) => (createdAt ? dateTime(createdAt) : <None t={t} />),
  }),
  column({
    id: 'keyName',
    label: (t) => t('instances.keyName'),
    sort: 'keyName',
    look: 'text-fg-2',
    shown: ({ keyName }) => keyName,
    cell: (value, t) => <Name value={value} t={t} />,
  }),
  column({
    id: 'hostname',
    label: (t) => t('instances.hostname'),
    sort: 'hostname',
    look: 'text-fg-2',
    shown: ({ hostname }) => hostname,
    cell: (value, t) => <Name value={value} t={t} />,
  }),
  column({
    id: 'description',
    label: (t) => t('instances.description'),
    look: 'text-fg-2',
    most: '20rem',
    shown: ({ description }) => description,
    cell: (description, t) => (description ? <span title={description}>{description}</span> : <None t={t} />),
  }),
  column({
    id: 'id',
    label: (t) => t('instances.id'),
    sort: 'id',
    look: 'text-fg-3',
    shown: ({ id }) => id,
    cell: (id) => (
      <span title={id}>
        <Address>{shortId(id)}</Address>
      </span>
    ),
  }),
];

/** Those that stand where nobody has chosen. */
export const usualColumns: readonly InstanceColumn[] = columns.flatMap(({ id, usual }) =>
  usual ? [id] : [],
);

/** A UUID by its first part, which tells the rows of a project apart; anything shorter whole. */
function shortId(id: string): string {
  return id.length > 16 ? `${id.slice(0, 8)}…` : id;
}

function None({ t }: { t: TFunction }) {
  return <span className="text-fg-3">{t('common.none')}</span>;
}

/** A name that the cloud has given: never translated. */
function Name({ value, t }: { value: string | null; t: TFunction }) {
  return value ? (
    <span translate="no" title={value}>
      {value}
    </span>
  ) : (
    <None t={t} />
  );
}

interface SeveralProps {
  values: string[];
  addresses?: boolean;
  t: TFunction;
}

/** The first one, and how many more there are. */
function Several({ values, addresses = false, t }: SeveralProps) {
  const [first, ...others] = values;
  if (!first) return <None t={t} />;
  return (
    <>
      {addresses ? <Address>{first}</Address> : <Name value={first} t={t} />}
      {others.length > 0 && (
        <span className="ml-1.5 text-11 text-fg-3" title={others.join(', ')}>
          {t('instances.andMore', { count: others.length })}
        </span>
      )}
    </>
  );
}

interface PublicIpsProps {
  held: NonNullable<NetworkInterface['publicIp']>[];
  t: TFunction;
}

function PublicIps({ held, t }: PublicIpsProps) {
  const pending = held.find((ip) => ip.status === 'attaching');
  return (
    <>
      <span className="mr-1 text-12 text-fg-3 narrow:hidden">{t('publicIps.title')}</span>
      {pending ? (
        <State kind="changing">
          <Address>{pending.address}</Address>
          {t('publicIps.attaching')}
        </State>
      ) : (
        <Several values={held.map((ip) => ip.address)} addresses t={t} />
      )}
    </>
  );
}
