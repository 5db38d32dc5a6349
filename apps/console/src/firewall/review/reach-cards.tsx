import type { ReachChange } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icon.tsx';

/** 새로 열림, 새로 막힘: for the ports and sources that the changed rules name; that there is none is said too. */
export function ReachCards({ reach }: { reach: readonly ReachChange[] }) {
  const { t } = useTranslation();
  const opened = reach.filter(({ after }) => after !== 'closed');
  const closed = reach.filter(({ after }) => after === 'closed');
  return (
    <div className="grid gap-3.5 narrow:grid-cols-2">
      <Card title={t('review.opened')} icon="plus" reach={opened} none={t('review.noneOpened')} />
      <Card title={t('review.closed')} icon="drop" reach={closed} none={t('review.noneClosed')} />
    </div>
  );
}

interface CardProps {
  title: string;
  icon: 'plus' | 'drop';
  reach: readonly ReachChange[];
  none: string;
}

function Card({ title, icon, reach, none }: CardProps) {
  return (
    <section aria-label={title} className="rounded-6 border border-line bg-surface px-4 py-3">
      <h2 className="flex items-center gap-2 text-14">
        <Icon name={icon} />
        {title}
      </h2>
      {reach.length === 0 ? (
        <p className="mt-1 text-fg-2">{none}</p>
      ) : (
        <ul className="mt-1">
          {reach.map((change) => (
            <Reach key={JSON.stringify(change)} change={change} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Reach({ change: { direction, protocol, ports, peer, after } }: { change: ReachChange }) {
  const { t } = useTranslation();
  const port = ports ? (ports.from === ports.to ? `/${ports.from}` : `/${ports.from}-${ports.to}`) : '';
  const words = t(`review.reach.${direction}`, { peer: peer ?? t('review.anywhere') });
  return (
    <li>
      <b translate="no">
        {protocol}
        {port}
      </b>{' '}
      {words}
      {!ports && protocol !== 'icmp' && ` · ${t('review.otherPorts')}`}
      {after === 'unknown' && ` · ${t('review.state.unknown')}`}
    </li>
  );
}
