import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { installationQuery } from '../session/session-queries.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { useNavigationUnfolded } from './preferences.ts';

interface NavigationProps {
  /** icons only, with the name on hover and focus */
  folded: boolean;
  /** whether this page folds it by itself, and so offers to unfold it */
  foldable: boolean;
  /** on a narrow screen it stands over the page and is opened by the button in the top bar */
  open: boolean;
  onNavigate: () => void;
}

const groups = [
  { title: 'shell.bareMetalServer', links: [{ to: '/instances', label: 'instances.title', icon: 'server' }] },
  { title: 'shell.network', links: [{ to: '/public-ips', label: 'publicIps.title', icon: 'globe' }] },
  {
    title: 'shell.operations',
    links: [
      { to: '/activity', label: 'shell.activity', icon: 'clock' },
      { to: '/tasks', label: 'shell.tasks', icon: 'half' },
    ],
  },
  {
    title: 'shell.settings',
    links: [
      { to: '/hosts', label: 'shell.hosts', icon: 'terminal' },
      { to: '/sessions', label: 'shell.sessions', icon: 'lock' },
      { to: '/reference', label: 'shell.reference', icon: 'jump' },
    ],
  },
] as const satisfies { title: string; links: { to: string; label: string; icon: IconName }[] }[];

export function Navigation({ folded, foldable, open, onNavigate }: NavigationProps) {
  const { t } = useTranslation();
  const { data: installation } = useQuery(installationQuery);
  const [unfolded, setUnfolded] = useNavigationUnfolded();
  // between narrow and wide there is only room for icons
  const whenFull = folded ? 'narrow:hidden' : 'narrow:hidden wide:block';
  return (
    <nav
      id="navigation"
      aria-label={t('shell.navigation')}
      className={cx(
        'absolute inset-x-0 z-20 min-h-0 flex-col gap-0.5 border-line bg-surface p-2 shadow-2 narrow:static narrow:flex narrow:border-r narrow:px-1.5 narrow:shadow-none',
        !folded && 'wide:px-2 wide:py-3',
        open ? 'flex' : 'hidden',
      )}
    >
      {groups.map((group, index) => (
        <div key={group.title} className="grid gap-0.5">
          {index > 0 && (
            <hr
              className={cx('mx-auto my-1.5 hidden w-6 border-line narrow:block', !folded && 'wide:hidden')}
            />
          )}
          <h2 className={cx('px-2.5 pb-1 text-11 text-fg-3', index === 0 ? 'pt-1' : 'pt-3.5', whenFull)}>
            {t(group.title)}
          </h2>
          {group.links.map((link) => (
            <Link
              key={link.to}
              to={link.to}
              onClick={onNavigate}
              activeProps={{ 'aria-current': 'page' }}
              className={cx(
                'group relative flex h-11 items-center gap-2.5 rounded-4 px-2.5 text-fg-2 hover:bg-hover narrow:h-9 narrow:justify-center narrow:px-0 aria-[current]:bg-selected aria-[current]:font-semibold aria-[current]:text-fg',
                'aria-[current]:before:absolute aria-[current]:before:inset-y-[7px] aria-[current]:before:-left-2 aria-[current]:before:w-[3px] aria-[current]:before:rounded-r-2 aria-[current]:before:bg-ink narrow:aria-[current]:before:-left-1.5',
                !folded && 'wide:h-8 wide:justify-start wide:px-2.5 wide:aria-[current]:before:-left-2',
              )}
            >
              <Icon name={link.icon} />
              {/* faded, not hidden: it stays the link's name */}
              <span
                className={cx(
                  'narrow:pointer-events-none narrow:opacity-0 narrow:absolute narrow:left-full narrow:z-30 narrow:ml-2 narrow:rounded-4 narrow:bg-anvil narrow:px-2 narrow:py-1 narrow:text-12 narrow:font-normal narrow:whitespace-nowrap narrow:text-on-anvil narrow:group-hover:opacity-100 narrow:group-focus-visible:opacity-100',
                  !folded &&
                    'wide:opacity-100 wide:static wide:ml-0 wide:bg-transparent wide:p-0 wide:text-13 wide:text-inherit wide:opacity-100 wide:[font-weight:inherit]',
                )}
              >
                {t(link.label)}
              </span>
            </Link>
          ))}
        </div>
      ))}
      <span className="hidden flex-1 narrow:block" />
      {foldable && (
        <Button
          look="quiet"
          icon={unfolded ? 'fold' : 'unfold'}
          aria-label={t(unfolded ? 'shell.foldNavigation' : 'shell.unfoldNavigation')}
          onPress={() => setUnfolded(!unfolded)}
          className={cx('hidden! wide:inline-flex!', folded ? 'self-center' : 'self-start')}
        />
      )}
      <p className={cx('hidden p-2.5 text-11 text-fg-3', whenFull)}>
        {t('app.name')} {installation?.version}
      </p>
    </nav>
  );
}
