import type { Instance, RoutingProblem, RoutingState } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { interfaceRoutes } from '../instances/network/interface-routes.ts';
import { Banner } from '../ui/banner.tsx';

interface ProblemsProps {
  instance: Instance;
  state: RoutingState;
}

/**
 * What else is wrong. Several gateways and none are said by the page itself. Answers that leave by another interface are
 * no warning while nothing can come in from the internet by it.
 */
export function Problems({ instance, state }: ProblemsProps) {
  const { t } = useTranslation();
  const reached = interfaceRoutes(instance.networkInterfaces, state).flatMap(({ nic, link }) =>
    nic.publicIp && link ? [link.name] : [],
  );
  const words = ({ code, device, gateway, by }: RoutingProblem) => {
    if (code === 'severalDefaults' || code === 'noDefault') return null;
    return t(`routing.problem.${code}`, { device: device ?? '', gateway: gateway ?? '', by: by ?? '' });
  };
  const told = state.problems.flatMap((problem) => {
    const { code, family, device } = problem;
    const text = words(problem);
    const isCalm = code === 'repliesElsewhere' && !reached.includes(device ?? '');
    return text === null ? [] : [{ text, family, isCalm }];
  });
  if (told.length === 0) return null;
  return (
    <Banner
      tone={told.every(({ isCalm }) => isCalm) ? 'plain' : 'warn'}
      stacked
      title={t('routing.problems')}
      className="max-narrow:mx-4"
    >
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
