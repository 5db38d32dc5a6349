import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Place, placeSearch } from './place.ts';

const families = ['ipv4', 'ipv6'] as const;
const names = { ipv4: 'IPv4', ipv6: 'IPv6' };

/** IPv4 and IPv6 are filtered apart: each has rules of its own. */
export function FamilySwitch({ instanceId, place }: { instanceId: string; place: Place }) {
  const { t } = useTranslation();
  return (
    <nav
      aria-label={t('rail.family')}
      className="flex h-[30px] flex-none rounded-4 border border-control bg-surface"
    >
      {families.map((family) => (
        <Link
          key={family}
          to="/instances/$instanceId/firewall"
          params={{ instanceId }}
          search={placeSearch({ family, table: 'filter', chain: 'INPUT' })}
          aria-current={place.family === family ? 'true' : undefined}
          translate="no"
          data-testid={`family-${family}`}
          className="flex flex-1 items-center justify-center rounded-[3px] text-12 text-fg-2 aria-[current]:bg-ink aria-[current]:font-semibold aria-[current]:text-on-ink"
        >
          {names[family]}
        </Link>
      ))}
    </nav>
  );
}
