import type { Session } from '@moru/types';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PaletteButton } from '../palette/palette-button.tsx';
import { useSignOut } from '../session/use-sign-out.ts';
import { TasksLink } from '../tasks/tasks-link.tsx';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { MenuButton } from '../ui/menu-button.tsx';
import { AnvilMark } from './anvil-mark.tsx';
import { LanguageMenu, ThemeMenu } from './preference-menus.tsx';

interface TopBarProps {
  session: Session;
  menuOpen: boolean;
  onMenu: () => void;
}

export function TopBar({ session, menuOpen, onMenu }: TopBarProps) {
  const { t } = useTranslation();
  return (
    <header className="relative z-5 flex h-12 items-center gap-1 bg-anvil pr-2 pl-2 text-on-anvil shadow-[inset_0_-1px_var(--anvil-line)] [--focus:var(--anvil-focus)] narrow:pr-3 narrow:pl-3.5">
      <Button
        look="anvil"
        icon="menu"
        aria-label={t('shell.menu')}
        aria-expanded={menuOpen}
        aria-controls="navigation"
        onPress={onMenu}
        className="narrow:hidden"
      />
      <Link
        to="/instances"
        className="mr-auto flex items-center gap-[9px] text-[15px] font-semibold whitespace-nowrap narrow:mr-3"
      >
        <AnvilMark className="size-[26px]" />
        <span>
          {t('app.name')} {/* a phone has no room for it beside the count of tasks */}
          <small className="text-12 font-normal text-on-anvil-2 max-narrow:hidden">
            {t('app.nameOther')}
          </small>
        </span>
      </Link>
      <Fact label={t('shell.project')} value={session.project.name} className="hidden narrow:inline-flex" />
      {/* a window of 768 px has room for one of the two */}
      <Divider className="wide:block" />
      <Fact label={t('shell.region')} value={session.region} className="hidden wide:inline-flex" />
      <span className="hidden flex-1 narrow:block" />
      <PaletteButton />
      <TasksLink />
      <LanguageMenu />
      <ThemeMenu />
      <Divider className="narrow:block" />
      <AccountMenu session={session} />
    </header>
  );
}

function Fact({ label, value, className }: { label: string; value: string; className: string }) {
  return (
    <span className={cx('min-w-0 items-center gap-[7px] px-2.5 whitespace-nowrap', className)}>
      <span className="text-on-anvil-2 max-wide:sr-only">{label}</span>
      <span translate="no" title={value} className="truncate">
        {value}
      </span>
    </span>
  );
}

function Divider({ className }: { className: string }) {
  return <span className={cx('mx-1 hidden h-5 w-px flex-none bg-anvil-line', className)} />;
}

function AccountMenu({ session }: { session: Session }) {
  const { t } = useTranslation();
  const signOut = useSignOut();
  const role = t(`role.${session.role}`);
  return (
    <MenuButton
      look="anvil"
      label={t('shell.account')}
      aria-label={t('shell.accountOf', { name: session.user.name, role })}
      data-testid="account"
      groups={() => [
        {
          id: 'account',
          title: `${session.user.name} · ${role}`,
          actions: [{ id: 'sign-out', label: t('shell.signOut'), icon: 'unlink', onAction: signOut }],
        },
      ]}
    >
      <span
        aria-hidden="true"
        data-initial={session.user.name.slice(0, 1)}
        className="grid size-6 place-items-center rounded-full bg-anvil-3 text-11 font-semibold text-on-anvil uppercase before:content-[attr(data-initial)]"
      />
      <span className="hidden narrow:inline">
        {session.user.name} <span className="text-on-anvil-2 max-wide:hidden">{role}</span>
      </span>
    </MenuButton>
  );
}
