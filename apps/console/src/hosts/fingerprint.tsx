import { printFingerprint } from '@moru/types';
import { CopyButton } from '../ui/copy-button.tsx';

/** In groups of four over two lines, as the host prints it, so that two people can read it to each other. */
export function Fingerprint({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <span className="text-12 text-fg-3">{label}</span>
      <div className="flex items-start justify-between gap-1 rounded-4 border border-line bg-canvas py-1.5 pr-1.5 pl-3">
        <span
          translate="no"
          data-testid="fingerprint"
          className="min-w-0 max-w-[40ch] flex-1 font-mono text-13 break-normal [overflow-wrap:normal]"
        >
          {printFingerprint(value)}
        </span>
        <CopyButton text={printFingerprint(value)} label={label} />
      </div>
    </div>
  );
}
