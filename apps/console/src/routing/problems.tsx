import type { RoutingProblem } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { Banner } from '../ui/banner.tsx';

/** What else is wrong. Several gateways and none are said by the page itself. */
export function Problems({ problems }: { problems: readonly RoutingProblem[] }) {
  const { t } = useTranslation();
  const words = ({ code, device, gateway, by }: RoutingProblem) => {
    if (code === 'severalDefaults' || code === 'noDefault') return null;
    return t(`routing.problem.${code}`, { device: device ?? '', gateway: gateway ?? '', by: by ?? '' });
  };
  const told = problems.flatMap((problem) => {
    const text = words(problem);
    return text === null ? [] : [{ text, family: problem.family }];
  });
  if (told.length === 0) return null;
  return (
    <Banner tone="warn" stacked title={t('routing.problems')} className="max-narrow:mx-4">
      <ul data-testid="routing-problems" className="list-disc pl-4">
        {told.map(({ text, family }) => (
          <li key={`${family} ${text}`}>
            {text} {family === 'ipv6' && <span translate="no">{'(IPv6)'}</span>}
          </li>
        ))}
      </ul>
    </Banner>
  );
}
