import type { KeepPlan, RoutingState } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { Address } from '../../ui/address.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { FileDifference } from './file-difference.tsx';

interface KeepChoiceProps {
  keep: KeepPlan;
  /** what makes the host's routes at boot */
  keeper: RoutingState['keeper'];
  isSelected: boolean;
  onChange: (keep: boolean) => void;
}

/** What a reboot makes of the change: the file that would be written, or why none can be. */
export function KeepChoice({ keep, keeper, isSelected, onChange }: KeepChoiceProps) {
  const { t } = useTranslation();
  const all = (outcome: KeepPlan['routes'][number]['outcome']) =>
    keep.routes.length > 0 && keep.routes.every((route) => route.outcome === outcome);
  return (
    <div className="grid gap-2" data-testid="keep-choice">
      {keep.files.length > 0 && (
        <>
          <Checkbox isSelected={isSelected} onChange={onChange}>
            {t('routesReview.keep')}
          </Checkbox>
          <p className="text-12 text-fg-2">{t('routesReview.keepFiles')}</p>
          {keep.files.map(({ path, before, after }) => (
            <FileDifference key={path} path={path} before={before} after={after} />
          ))}
        </>
      )}
      {all('already') && <p className="text-12 text-fg-2">{t('routesReview.keepAlready')}</p>}
      {keep.routes.some(({ outcome }) => outcome === 'unsupported') && (
        <p className="text-12 text-fg-2">
          {t(keeper.tool === 'none' ? 'routesReview.keepNone' : 'routesReview.keepUnsupported')}
        </p>
      )}
      {keep.byHand.length > 0 && (
        <div className="text-12">
          <p className="text-fg-2">{t('routesReview.keepByHand')}</p>
          <ul className="grid gap-1 pt-1">
            {keep.byHand.map(({ path, line, text, code }) => (
              <li key={`${path} ${line}`}>
                <span className="text-fg-3">{t('routesReview.line', { path, line })}</span>
                <Address className="block text-12 whitespace-normal!">{text}</Address>
                <span className="text-fg-2">{t(`routesReview.byHand.${code}`)}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
