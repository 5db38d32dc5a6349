import { z } from 'zod';
import { environmentSchema } from './environment.ts';

const head = `# Configuration

The BFF is configured by its environment. What is wrong with it is named at the start, everything at once, and nothing
is served until it is right. This page is made of the schema that checks it (\`apps/bff/src/environment.ts\`); a test
fails when the two differ, and \`npx vitest run --project unit apps/bff/src/environment -u\` writes it anew.

| variable | what it is | default | takes |
|---|---|---|---|
`;

interface Variable {
  description?: string;
  default?: unknown;
  enum?: unknown[];
  type?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
}

/** The page of every variable, required ones marked. */
export function environmentTable(): string {
  const { properties = {}, required = [] } = z.toJSONSchema(environmentSchema, {
    io: 'input',
    unrepresentable: 'any',
  });
  const rows = Object.entries(properties).map(([name, schema]) => {
    const variable = schema as Variable;
    // a page that named the release would be wrong with the next one
    const isKnown = variable.default !== undefined && variable.default !== '' && name !== 'MORU_VERSION';
    const given = isKnown ? `\`${variable.default}\`` : '';
    const otherwise = required.includes(name) ? '**required**' : given;
    return `| \`${name}\` | ${variable.description ?? ''} | ${otherwise} | ${takes(variable)} |`;
  });
  return `${head}${rows.join('\n')}\n`;
}

function takes({ enum: values, type, format, minimum, maximum, maxLength }: Variable): string {
  if (values) return values.map((value) => `\`${value}\``).join(', ');
  if (format === 'uri') return 'a URL';
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (type === 'string' && maxLength !== undefined) return `at most ${maxLength} characters`;
  return '';
}
