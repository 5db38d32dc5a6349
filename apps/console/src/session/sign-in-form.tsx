import { zodResolver } from '@hookform/resolvers/zod';
import { accessKeySchema, type SignIn } from '@moru/types';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Controller, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { Button } from '../ui/button.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { Form } from '../ui/form.tsx';
import { Icon } from '../ui/icon.tsx';
import { TextField } from '../ui/text-field.tsx';
import { installationQuery } from './session-queries.ts';

interface SignInFormProps<Answer> {
  onSignedIn: (answer: Answer) => void;
  /** what is done with the key: signing in, or something that asks for it once more */
  send: (body: SignIn) => Promise<Answer>;
  /** name of the one seeded account that is offered */
  only?: string;
  /** words of the button */
  submit?: string;
}

/** Access key, or one of the seeded accounts where the installation has them. */
export function SignInForm<Answer>({ onSignedIn, send, only, submit }: SignInFormProps<Answer>) {
  const { t } = useTranslation();
  const { data: installation } = useQuery(installationQuery);
  const mutation = useMutation({ mutationFn: (body: SignIn) => send(body), onSuccess: onSignedIn });
  const { control, handleSubmit } = useForm<z.infer<typeof accessKeySchema>>({
    resolver: zodResolver(accessKeySchema),
    defaultValues: { accessKeyId: '', secret: '' },
  });
  const seeded = (installation?.seededAccounts ?? []).filter(({ name }) => !only || name === only);
  const failed = mutation.error && mutation.variables;
  return (
    <div className="grid gap-5">
      {seeded.length > 0 && (
        <section aria-labelledby="seeded" className="grid gap-2">
          <h2 id="seeded" className="text-13">
            {t('signIn.seeded')}
          </h2>
          <ul className="grid gap-2">
            {seeded.map((account) => (
              <li key={account.id}>
                <Button
                  className="h-11! w-full justify-start! gap-2.5!"
                  data-testid={`seeded-${account.id}`}
                  isPending={mutation.isPending}
                  onPress={() => mutation.mutate({ seededAccount: account.id })}
                >
                  <span
                    aria-hidden="true"
                    className="grid size-6 place-items-center rounded-full bg-sunken text-11 text-fg-2 uppercase"
                  >
                    {account.name.slice(0, 1)}
                  </span>
                  <span>{account.name}</span>
                  <span className="font-normal text-fg-3">{t(`role.${account.role}`)}</span>
                  <Icon name="chevronRight" size={12} className="ml-auto text-fg-3" />
                </Button>
              </li>
            ))}
          </ul>
          <p className="text-12 text-fg-3">{t('signIn.seededHint')}</p>
          {failed && 'seededAccount' in failed && <FailureNotice error={mutation.error} />}
        </section>
      )}
      <section aria-labelledby="access-key" className="grid gap-3">
        {seeded.length > 0 && <hr className="border-line" />}
        <h2 id="access-key" className="text-13">
          {t('signIn.accessKey')}
        </h2>
        <Form
          className="grid gap-3"
          testId="sign-in-form"
          onSubmit={handleSubmit((values) => mutation.mutate(values))}
        >
          <Controller
            control={control}
            name="accessKeyId"
            render={({ field, fieldState }) => (
              <TextField
                {...field}
                mono
                label={t('signIn.accessKeyId')}
                autoComplete="username"
                spellCheck="false"
                error={fieldState.error && t('signIn.accessKeyIdMissing')}
              />
            )}
          />
          <Controller
            control={control}
            name="secret"
            render={({ field, fieldState }) => (
              <TextField
                {...field}
                mono
                type="password"
                label={t('signIn.secret')}
                autoComplete="current-password"
                error={fieldState.error && t('signIn.secretMissing')}
              />
            )}
          />
          {failed && 'accessKeyId' in failed && <FailureNotice error={mutation.error} />}
          <Button type="submit" look="primary" isPending={mutation.isPending}>
            {mutation.isPending ? t('signIn.pending') : (submit ?? t('signIn.submit'))}
          </Button>
        </Form>
      </section>
    </div>
  );
}
