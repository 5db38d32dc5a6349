import { useTranslation } from 'react-i18next';
import { dateTime } from '../i18n/format.ts';
import { cx } from '../ui/cx.ts';
import { useDetailWords } from './detail-words.ts';

/** What the log has of a change, in words where there are any; the rest as the log writes it. */
export function DetailList({ values }: { values: Record<string, unknown> }) {
  const { label } = useDetailWords();
  const entries = Object.entries(values).filter(([, value]) => !isEmpty(value));
  return (
    <dl className="grid gap-x-4 gap-y-0.5 narrow:grid-cols-[minmax(110px,auto)_minmax(0,1fr)]">
      {entries.map(([key, value]) => (
        <div key={key} className="contents">
          <dt className="text-12 leading-[20px] text-fg-3">{label(key)}</dt>
          <dd className="min-w-0 max-narrow:pb-1">
            <Value name={key} value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ name, value }: { name: string; value: unknown }) {
  const { t } = useTranslation();
  const words = useDetailWords();
  if (Array.isArray(value)) {
    if (value.every(isPlain)) return <Plain text={value.map((each) => words.value(name, each)).join(', ')} />;
    return (
      <ol className="grid gap-1.5">
        {value.map((each, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what was recorded never changes
          <li key={index} className="border-l-2 border-line pl-2.5">
            <Value name={name} value={each} />
          </li>
        ))}
      </ol>
    );
  }
  if (isRecord(value)) return <DetailList values={value} />;
  if (isTime(value)) return <span className="tabular-nums">{dateTime(value)}</span>;
  if (isPlain(value)) return <Plain text={words.value(name, value)} />;
  return <span className="text-fg-3">{t('common.none')}</span>;
}

/** Names, addresses and rules in the letters of the host; sentences in those of the page. */
function Plain({ text }: { text: string }) {
  const isCode = /^[\x21-\x7e]{2,}(, [\x21-\x7e]+)*$/.test(text) && /[\d/.:_-]/.test(text);
  const isRule = /^-[A-Z] |^[*:]/.test(text);
  return (
    <span
      className={cx('wrap-anywhere', (isCode || isRule) && 'font-mono text-12 tabular-nums')}
      {...(isCode || isRule ? { translate: 'no' as const } : {})}
    >
      {text}
    </span>
  );
}

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const isTime = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What was not given says nothing. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.values(value).every(isEmpty);
}
