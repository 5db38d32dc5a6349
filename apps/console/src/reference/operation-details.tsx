import type { ApiDescription, ApiOperation } from '@moru/types';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Output } from '../ui/output.tsx';
import { SchemaView } from './schema-view.tsx';
import { lineOf } from './schema-words.ts';

interface OperationDetailsProps {
  operation: ApiOperation;
  schemas: ApiDescription['components']['schemas'];
}

const placeWords: Record<string, 'reference.inPath' | 'reference.inQuery' | 'reference.inHeader'> = {
  path: 'reference.inPath',
  query: 'reference.inQuery',
  header: 'reference.inHeader',
};

/** What an operation takes and answers. */
export function OperationDetails({ operation, schemas }: OperationDetailsProps) {
  const { t } = useTranslation();
  const { parameters = [], requestBody, responses } = operation;
  const { schema: body, examples = {} } = requestBody?.content['application/json'] ?? {};
  const [[status, success] = []] = Object.entries(responses).filter(([code]) => code !== 'default');
  const [[media, answer] = []] = Object.entries(success?.content ?? {});
  return (
    <div className="grid gap-3">
      {parameters.length > 0 && (
        <Part title={t('reference.parameters')}>
          <ul className="grid gap-1">
            {parameters.map((parameter) => (
              <li key={`${parameter.in} ${parameter.name}`} className="flex flex-wrap items-baseline gap-x-3">
                <span translate="no" className="font-mono text-12 font-semibold">
                  {parameter.name}
                </span>
                <span translate="no" className="font-mono text-12 break-all text-fg-2">
                  {lineOf(parameter.schema)}
                </span>
                <span className="text-11 text-fg-3">
                  {t(placeWords[parameter.in] ?? 'reference.inQuery')}
                  {!parameter.required && ` · ${t('reference.optional')}`}
                </span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {body && (
        <Part title={t('reference.body')}>
          <SchemaView schema={body} schemas={schemas} />
          {Object.values(examples).map(({ summary, value }) => (
            <div key={summary} className="mt-1 grid gap-1">
              <span lang="en" className="text-12 text-fg-2">
                {summary}
              </span>
              <Output label={t('reference.example', { summary })}>{JSON.stringify(value, null, 2)}</Output>
            </div>
          ))}
        </Part>
      )}
      <Part title={t('reference.answer', { status, media: media ?? '' })}>
        {answer?.schema ? (
          <SchemaView schema={answer.schema} schemas={schemas} />
        ) : (
          <p className="text-fg-2">{t(media ? 'reference.asItIsMade' : 'reference.noBody')}</p>
        )}
      </Part>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid gap-1">
      <h3 className="text-12 text-fg-2">{title}</h3>
      {children}
    </section>
  );
}
