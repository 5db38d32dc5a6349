import { connect } from 'node:net';

/**
 * A client that holds a connection open and asks for a page once it reads a line on stdin:
 * says `open`, then `answered` or, when nothing comes within 1.5 s, `silent`.
 */
const address = process.argv[2] ?? '';
const say = (word: string) => process.stdout.write(`${word}\n`);
const socket = connect(80, address, () => say('open'));
socket.on('error', () => {});
process.stdin.once('data', () => {
  const silence = setTimeout(() => finish('silent'), 1_500);
  const finish = (word: string) => {
    clearTimeout(silence);
    say(word);
    process.exit(0);
  };
  socket.once('data', () => finish('answered'));
  socket.write('GET / HTTP/1.0\r\n\r\n');
});
