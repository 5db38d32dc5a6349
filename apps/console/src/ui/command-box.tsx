import { CopyButton } from './copy-button.tsx';

/** A command to be typed elsewhere, or a secret to be taken along; it breaks anywhere, since a token has no better place. */
export function CommandBox({ label, command }: { label: string; command: string }) {
  return (
    <div>
      <span className="text-12 text-fg-3">{label}</span>
      <div className="flex items-start gap-1 rounded-4 bg-anvil py-2 pr-1.5 pl-3 text-on-anvil [--focus:var(--anvil-focus)]">
        <code translate="no" className="min-w-0 flex-1 font-mono text-12 break-all">
          {command}
        </code>
        <CopyButton text={command} label={label} className="text-on-anvil-2! data-hovered:bg-anvil-2!" />
      </div>
    </div>
  );
}
