import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { onDemand } from './on-demand.tsx';

const Greeting = ({ name }: { name: string }) => <p>Hello {name}</p>;

test('a part that is here is drawn at once, one that is not leaves its placeholder', async () => {
  const fetchPart = vi.fn(async () => Greeting);
  const Part = onDemand(fetchPart, <i>wait</i>);
  expect(renderToStaticMarkup(<Part name="Moru" />)).toBe('<i>wait</i>');
  Part.preload();
  Part.preload();
  await vi.waitFor(() => expect(renderToStaticMarkup(<Part name="Moru" />)).toBe('<p>Hello Moru</p>'));
  expect(fetchPart).toHaveBeenCalledTimes(1);
});

test('a fetch that failed is tried again', async () => {
  const fetchPart = vi.fn(async () => Greeting).mockRejectedValueOnce(new Error('no network'));
  const Part = onDemand(fetchPart);
  Part.preload();
  await vi.waitFor(() => {
    Part.preload();
    expect(renderToStaticMarkup(<Part name="again" />)).toContain('again');
  });
  expect(fetchPart).toHaveBeenCalledTimes(2);
});
