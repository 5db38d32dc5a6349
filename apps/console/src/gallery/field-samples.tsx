import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Checkbox } from '../ui/checkbox.tsx';
import { DateField } from '../ui/date-field.tsx';
import { RadioList, RadioRow } from '../ui/radio-list.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { Section } from '../ui/section.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import { TextField } from '../ui/text-field.tsx';

/** Fields empty, filled, wrong and closed. */
export function FieldSamples() {
  const { t } = useTranslation();
  const [text, setText] = useState('web');
  const [chosen, setChosen] = useState('start');
  const [on, setOn] = useState(true);
  const [day, setDay] = useState('2026-03-01');
  const options = (['start', 'stop', 'hardReboot'] as const).map((id) => ({ id, label: t(`menu.${id}`) }));
  return (
    <Section title={t('instances.filter')}>
      <div className="grid gap-3 p-4 narrow:grid-cols-2">
        <TextField
          label={t('instances.name')}
          value={text}
          onChange={setText}
          hint={t('instances.emptyText')}
        />
        <TextField label={t('signIn.accessKeyId')} error={t('signIn.accessKeyIdMissing')} />
        <TextField label={t('instances.privateIp')} defaultValue="198.168.0.10" mono beside />
        <TextField label={t('instances.id')} defaultValue="web-01" isDisabled />
        <SearchField label={t('instances.filter')} value={text} onChange={setText} />
        <Select label={t('instances.status')} options={options} value={chosen} onChange={setChosen} beside />
        <Select
          label={t('instances.type')}
          options={options}
          value={null}
          placeholder={t('connect.chooseAddress')}
          error={t('connect.chooseAddress')}
          onChange={() => {}}
        />
        <Segmented
          label={t('shell.theme')}
          value={chosen}
          onChange={setChosen}
          options={options.slice(0, 2)}
        />
        <DateField label={t('publicIps.created')} value={day} onChange={setDay} />
        <Switch isSelected={on} onChange={setOn}>
          {t('agent.connected')}
        </Switch>
        <Checkbox isSelected={on} onChange={setOn}>
          {t('disconnect.delete')}
        </Checkbox>
        <Checkbox isSelected={false} isDisabled onChange={() => {}}>
          {t('connect.existing')}
        </Checkbox>
        <RadioList label={t('connect.address')} value={chosen} onChange={setChosen}>
          <RadioRow value="start">{t('connect.new')}</RadioRow>
          <RadioRow value="stop">{t('connect.existing')}</RadioRow>
          <RadioRow value="closed" isDisabled>
            {t('connect.noIdle')}
          </RadioRow>
        </RadioList>
      </div>
    </Section>
  );
}
