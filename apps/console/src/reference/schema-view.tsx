import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { choicesOf, isSchema, type JsonSchema, lineOf, nameOf } from './schema-words.ts';

interface SchemaViewProps {
  schema: JsonSchema;
  schemas: Record<string, JsonSchema>;
}

/** The fields of a schema; what it refers to unfolds where it stands. */
export function SchemaView({ schema, schemas }: SchemaViewProps) {
  const name = nameOf(schema);
  const whole = name ? schemas[name] : schema;
  if (!whole) return <Line>{lineOf(schema)}</Line>;
  const { properties, items } = whole;
  if (isSchema(properties)) return <Fields schema={whole} schemas={schemas} />;
  if (isSchema(items)) return <Unfolding schema={items} schemas={schemas} words={`${lineOf(items)}[]`} />;
  const choices = choicesOf(whole);
  if (choices.length === 0) return <Line>{lineOf(whole)}</Line>;
  return (
    <ul className="grid gap-1">
      {choices.map((choice, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place among the choices is the identity
        <li key={index} className="border-l-2 border-line pl-2.5">
          <SchemaView schema={choice} schemas={schemas} />
        </li>
      ))}
    </ul>
  );
}

function Line({ children }: { children: string }) {
  return (
    <span translate="no" className="font-mono text-12 break-all text-fg-2">
      {children}
    </span>
  );
}

function Fields({ schema, schemas }: SchemaViewProps) {
  const { t } = useTranslation();
  const required = Array.isArray(schema.required) ? schema.required : [];
  const fields = Object.entries(schema.properties as Record<string, JsonSchema>);
  if (fields.length === 0) return <Line>{'{}'}</Line>;
  return (
    <dl className="grid grid-cols-1 gap-x-4 gap-y-1 narrow:grid-cols-[minmax(8rem,auto)_minmax(0,1fr)]">
      {fields.map(([name, field]) => (
        <div key={name} className="contents">
          <dt className="flex items-baseline gap-1.5">
            <span translate="no" className="font-mono text-12 font-semibold">
              {name}
            </span>
            {!required.includes(name) && <span className="text-11 text-fg-3">{t('reference.optional')}</span>}
          </dt>
          <dd className="min-w-0 max-narrow:mb-1.5">
            <Unfolding schema={field} schemas={schemas} words={lineOf(field)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** One line; with a button where there is more behind it. */
function Unfolding({ schema, schemas, words }: SchemaViewProps & { words: string }) {
  const [isOpen, setOpen] = useState(false);
  if (!hasMore(schema)) return <Line>{words}</Line>;
  return (
    <div className="grid justify-items-start gap-1">
      <Button
        size="xs"
        look="quiet"
        icon={isOpen ? 'chevronDown' : 'chevronRight'}
        aria-expanded={isOpen}
        onPress={() => setOpen(!isOpen)}
        className="-ml-1.5 max-w-full font-normal!"
      >
        <span translate="no" className="truncate font-mono">
          {words}
        </span>
      </Button>
      {isOpen && (
        <div className="border-l-2 border-line pl-2.5">
          {/* of a list its entries: the line above has said that it is one */}
          <SchemaView schema={isSchema(schema.items) ? schema.items : schema} schemas={schemas} />
        </div>
      )}
    </div>
  );
}

function hasMore(schema: JsonSchema): boolean {
  const { properties, items } = schema;
  if (nameOf(schema) || isSchema(properties)) return true;
  if (isSchema(items)) return hasMore(items);
  return choicesOf(schema).some(hasMore);
}
