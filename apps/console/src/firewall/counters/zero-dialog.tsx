import { useTranslation } from 'react-i18next';
import { useReason } from '../../instances/use-instance-actions.ts';
import { Button } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/command-line.tsx';
import { Dialog, DialogBody } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.ts';
import { useEditor } from '../editor.tsx';
import { useZeroCounters } from './use-zero-counters.ts';
import { type ZeroTarget, zeroCommand } from './zero-target.ts';

interface ZeroProps {
  target: ZeroTarget;
  onClose: () => void;
}

/** Asks once before counters are set to zero: they do not come back. */
export function ZeroDialog({ target, onClose }: ZeroProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={t('zero.title')}
      testId="zero-dialog"
      onClose={onClose}
      note={t('zero.note')}
      actions={
        <>
          <Button autoFocus onPress={onClose}>
            {t('common.cancel')}
          </Button>
          <ZeroButton
            target={target}
            onDone={() => {
              showToast({ tone: 'good', title: t('zero.done'), code: zeroCommand(target) });
              onClose();
            }}
          />
        </>
      }
    >
      <DialogBody>
        <ZeroText target={target} />
        <CommandLine command={zeroCommand(target)} />
      </DialogBody>
    </Dialog>
  );
}

/** What would be set to zero, in words. */
export function ZeroText({ target: { table, chain, rule } }: Pick<ZeroProps, 'target'>) {
  const { t } = useTranslation();
  if (chain === null) return <p>{t('zero.table', { table })}</p>;
  return <p>{rule === null ? t('zero.chain', { chain }) : t('zero.rule', { chain, number: rule.number })}</p>;
}

interface ZeroButtonProps {
  target: ZeroTarget;
  size?: 'md' | 'sm';
  onDone: () => void;
}

export function ZeroButton({ target, size = 'md', onDone }: ZeroButtonProps) {
  const { t } = useTranslation();
  const reason = useReason();
  const { instance } = useEditor();
  const zero = useZeroCounters(instance.id);
  return (
    <Button
      look="primary"
      size={size}
      data-testid="zero-counters"
      reason={reason('firewall.zero', instance)}
      reasonAt="above-end"
      isPending={zero.isPending}
      onPress={() => zero.mutate(target, { onSuccess: onDone })}
    >
      {t('zero.submit')}
    </Button>
  );
}
