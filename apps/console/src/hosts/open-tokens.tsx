import type { Host } from '@moru/types';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { endToken } from './host-queries.ts';

/** Tokens of this host that somebody could still use, without their secrets. */
export function OpenTokens({ host }: { host: Host }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: (tokenId: string) => endToken(host.instanceId, tokenId),
    onSettled: () => queries.invalidateQueries({ queryKey: ['hosts'] }),
  });
  if (host.tokens.length === 0) return null;
  return (
    <section aria-labelledby="open-tokens" className="grid gap-1.5">
      <h3 id="open-tokens" className="text-13">
        {t('hosts.tokens')}
      </h3>
      <ul className="grid gap-1">
        {host.tokens.map((token) => (
          <li
            key={token.id}
            data-testid="open-token"
            className="flex flex-wrap items-center gap-x-3 rounded-4 border border-line px-3 py-1.5"
          >
            <span translate="no" className="font-mono text-12">
              {token.id}
            </span>
            <span className="min-w-0 flex-1 text-12 text-fg-2 tabular-nums">
              {t('hosts.tokenFacts', { by: token.createdBy, until: dateTime(token.expiresAt) })}
            </span>
            <Button
              size="sm"
              aria-label={t('hosts.endTokenOf', { id: token.id })}
              isPending={end.isPending && end.variables === token.id}
              onPress={() => end.mutate(token.id)}
            >
              {t('hosts.endToken')}
            </Button>
          </li>
        ))}
      </ul>
      {end.error && <FailureNotice error={end.error} />}
    </section>
  );
}
