import type { Rule } from '@moru/netfilter';
import { Icon, type IconName } from '../../ui/icon.tsx';

const shapes: Record<string, { icon: IconName; tone: string }> = {
  ACCEPT: { icon: 'accept', tone: 'text-good' },
  DROP: { icon: 'drop', tone: 'text-bad' },
  REJECT: { icon: 'reject', tone: 'text-warn' },
};

/** A target by name and shape: what is accepted, dropped, rejected, or handed on. */
export function TargetName({ name }: { name: string }) {
  const shape = shapes[name] ?? { icon: 'jump', tone: 'text-info' };
  return (
    <span
      translate="no"
      className="inline-flex items-center gap-1.5 font-mono text-12 font-semibold whitespace-nowrap"
    >
      {name && <Icon name={shape.icon} size={12} className={shape.tone} />}
      {name}
    </span>
  );
}

export function targetName(rule: Rule): string {
  return rule.target?.name ?? '';
}
