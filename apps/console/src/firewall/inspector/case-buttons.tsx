import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { useEditor } from '../editor.tsx';
import { type GuideCase, guideCases } from './guide-cases.ts';

/** The guide's five cases of 「Rule 생성」: each fills the form. */
export function CaseButtons({ onCase }: { onCase: (guideCase: GuideCase) => void }) {
  const { t } = useTranslation();
  const { closed } = useEditor();
  return (
    <ul className="flex flex-wrap gap-1.5" aria-label={t('cases.label')}>
      {guideCases.map((guideCase) => (
        <li key={guideCase.id}>
          <Button
            size="sm"
            reason={closed}
            reasonAt="below-start"
            data-testid={`case-${guideCase.id}`}
            onPress={() => onCase(guideCase)}
          >
            {t(`cases.case${guideCase.id}`)}
          </Button>
        </li>
      ))}
    </ul>
  );
}
