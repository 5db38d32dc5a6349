import type { Instance, InstanceColumn } from '@moru/types';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { dateTime } from '../../i18n/format.ts';
import { Address } from '../../ui/address.tsx';
import { State } from '../../ui/badge.tsx';
import { FirewallSummary } from '../firewall-summary.tsx';
import type { InstanceSort } from '../instance-queries.ts';
import { InstanceStatus } from '../instance-status.tsx';

export interface Column {
  id: InstanceColumn;
  label: (t: TFunction) => string;
  /** absent: the cloud's rows cannot be ordered by it */
  sort?: InstanceSort;
  /** `deadline`: of the trial that runs on the host */
  cell: (instance: Instance, t: TFunction, deadline: string | null) => ReactNode;
  /** shown where nothing was chosen: always, or from `wide` on */
  usual?: 'always' | 'wide';
  /** its place in the card that a row is below `narrow`; the others stand on the instance's own page */
  card?: string;
  look?: string;
  /** its width at the most, where none was chosen */
  most?: string;
}

/** In the order in which they stand. */
export const columns: readonly Column[] = [
  {
    id: 'status',
    label: (t) => t('instances.status'),
    sort: 'status',
    usual: 'always',
    card: 'max-narrow:[grid-area:status]',
    cell: (instance, t) => <InstanceStatus instance={instance} t={t} />,
  },
  {
    id: 'flavor',
    label: (t) => t('instances.type'),
    sort: 'flavor',
    usual: 'wide',
    look: 'text-fg-2',
    cell: ({ flavor }, t) => <Name value={flavor} t={t} />,
  },
  {
    id: 'image',
    label: (t) => t('instances.image'),
    sort: 'image',
    look: 'text-fg-2',
    cell: ({ image }, t) => <Name value={image} t={t} />,
  },
  {
    id: 'availabilityZone',
    label: (t) => t('instances.zone'),
    sort: 'availabilityZone',
    look: 'text-fg-2',
    cell: ({ availabilityZone }, t) => <Name value={availabilityZone} t={t} />,
  },
  {
    id: 'subnet',
    label: (t) => t('network.subnet'),
    sort: 'subnet',
    look: 'text-fg-2',
    cell: ({ networkInterfaces }, t) => (
      <Several values={networkInterfaces.flatMap(({ subnet }) => subnet?.name ?? [])} t={t} />
    ),
  },
  {
    id: 'privateIp',
    label: (t) => t('instances.privateIp'),
    sort: 'privateIp',
    usual: 'always',
    card: 'max-narrow:w-[118px] max-narrow:[grid-area:address]',
    cell: ({ networkInterfaces }, t) => (
      <Several values={networkInterfaces.flatMap((nic) => nic.privateIp ?? [])} addresses t={t} />
    ),
  },
  {
    id: 'publicIp',
    label: (t) => t('publicIps.title'),
    sort: 'publicIp',
    usual: 'always',
    card: 'max-narrow:ml-32 max-narrow:[grid-area:address]',
    cell: (instance, t) => <PublicIps instance={instance} t={t} />,
  },
  {
    id: 'firewall',
    label: (t) => t('firewall.title'),
    usual: 'always',
    card: 'max-narrow:[grid-area:firewall]',
    cell: (instance, t, deadline) => <FirewallSummary instance={instance} deadline={deadline} t={t} />,
  },
  {
    id: 'createdAt',
    label: (t) => t('instances.createdAt'),
    sort: 'createdAt',
    look: 'text-fg-2 tabular-nums',
    cell: ({ createdAt }, t) => (createdAt ? dateTime(createdAt) : <None t={t} />),
  },
  {
    id: 'keyName',
    label: (t) => t('instances.keyName'),
    sort: 'keyName',
    look: 'text-fg-2',
    cell: ({ keyName }, t) => <Name value={keyName} t={t} />,
  },
  {
    id: 'hostname',
    label: (t) => t('instances.hostname'),
    sort: 'hostname',
    look: 'text-fg-2',
    cell: ({ hostname }, t) => <Name value={hostname} t={t} />,
  },
  {
    id: 'description',
    label: (t) => t('instances.description'),
    look: 'text-fg-2',
    most: '20rem',
    cell: ({ description }, t) =>
      description ? <span title={description}>{description}</span> : <None t={t} />,
  },
  {
    id: 'id',
    label: (t) => t('instances.id'),
    sort: 'id',
    look: 'text-fg-3',
    cell: ({ id }) => (
      <span title={id}>
        <Address>{shortId(id)}</Address>
      </span>
    ),
  },
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

function PublicIps({ instance, t }: { instance: Instance; t: TFunction }) {
  const held = instance.networkInterfaces.flatMap((nic) => nic.publicIp ?? []);
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
