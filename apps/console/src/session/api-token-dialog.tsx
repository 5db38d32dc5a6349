import {
  apiPaths,
  apiTokenHours,
  createApiTokenSchema,
  type IssuedApiToken,
  isWithin,
  type Role,
  roleSchema,
  type Session,
} from '@moru/types';
import { useQueryClient } from '@tanstack/react-query';
import { type RefObject, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { CommandBox } from '../ui/command-box.tsx';
import { Dialog, DialogBody } from '../ui/dialog.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { createApiToken, ownSessionsQuery } from './own-session-queries.ts';
import { SignInForm } from './sign-in-form.tsx';

interface Grant {
  name: string;
  role: Role;
  hours: number;
  irrevocable: boolean;
}

const lives = [apiTokenHours.least, 4, apiTokenHours.most];
const nameSchema = createApiTokenSchema.shape.name;

/** A token for a program: what it may do, the maker's key once more, and the token, which is shown once. */
export function ApiTokenDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [issued, setIssued] = useState<IssuedApiToken | null>(null);
  const [grant, setGrant] = useState<Grant>({ name: '', role: 'reader', hours: 4, irrevocable: false });
  const [isTold, setTold] = useState(false);
  const nameField = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      title={issued ? t('apiToken.made', { name: issued.name }) : t('apiToken.make')}
      testId="api-token-dialog"
      onClose={onClose}
      actions={<Button onPress={onClose}>{t(issued ? 'common.close' : 'common.cancel')}</Button>}
    >
      <DialogBody>
        {issued ? (
          <Issued issued={issued} />
        ) : (
          <div className="grid gap-4">
            <p className="text-fg-2">{t('apiToken.text')}</p>
            <GrantFields
              nameField={nameField}
              role={session.role}
              grant={grant}
              isTold={isTold}
              onChange={setGrant}
            />
            <hr className="border-line" />
            <p className="text-fg-2">{t('apiToken.keyText')}</p>
            <SignInForm
              only={session.user.name}
              submit={t('apiToken.submit')}
              send={async (key) => {
                setTold(true);
                const name = nameSchema.safeParse(grant.name);
                if (name.success) return createApiToken({ ...grant, name: name.data, key });
                nameField.current?.focus();
                return null;
              }}
              onSignedIn={(answer) => {
                setIssued(answer);
                void queries.invalidateQueries(ownSessionsQuery);
              }}
            />
          </div>
        )}
      </DialogBody>
    </Dialog>
  );
}

interface GrantFieldsProps {
  nameField: RefObject<HTMLInputElement | null>;
  /** of the maker: nobody gives more than they have */
  role: Role;
  grant: Grant;
  /** whether what is wrong with the name is told already */
  isTold: boolean;
  onChange: (grant: Grant) => void;
}

function GrantFields({ nameField, role, grant, isTold, onChange }: GrantFieldsProps) {
  const { t } = useTranslation();
  const roles = roleSchema.options.filter((each) => isWithin(each, role));
  return (
    <div className="grid gap-3">
      <TextField
        ref={nameField}
        label={t('apiToken.name')}
        hint={t('apiToken.nameHint')}
        value={grant.name}
        onChange={(name) => onChange({ ...grant, name })}
        maxLength={40}
        autoFocus
        error={isTold && !nameSchema.safeParse(grant.name).success ? t('apiToken.nameWrong') : undefined}
      />
      <Select
        beside
        label={t('apiToken.role')}
        value={grant.role}
        options={roles.map((each) => ({ id: each, label: t(`role.${each}`) }))}
        onChange={(value) => onChange({ ...grant, role: roleSchema.parse(value) })}
      />
      <Select
        beside
        label={t('apiToken.life')}
        value={String(grant.hours)}
        options={lives.map((hours) => ({ id: String(hours), label: t('apiToken.hours', { hours }) }))}
        onChange={(value) => onChange({ ...grant, hours: Number(value) })}
      />
      <Checkbox
        isSelected={grant.irrevocable}
        onChange={(irrevocable) => onChange({ ...grant, irrevocable })}
      >
        {t('apiToken.irrevocable')}
        <span className="block text-12 text-fg-2">{t('apiToken.irrevocableText')}</span>
      </Checkbox>
    </div>
  );
}

function Issued({ issued: { token, expiresAt } }: { issued: IssuedApiToken }) {
  const { t } = useTranslation();
  const example = `curl -H "Authorization: Bearer $MORU_TOKEN" ${window.location.origin}${apiPaths.instances}`;
  return (
    <div className="grid gap-4" data-testid="api-token-issued">
      <CommandBox label={t('apiToken.token')} command={token} />
      <p className="text-12 text-fg-2">{t('apiToken.shownOnce', { time: dateTime(expiresAt) })}</p>
      <CommandBox label={t('apiToken.example')} command={example} />
    </div>
  );
}
