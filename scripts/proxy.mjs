// A proxy for trying out replicas on one machine: each connection goes to the next replica, one that does not answer is
// passed over. It looks at bytes only, so that WebSockets and event streams pass as they are. In production use your own.
import net from 'node:net';

const [front, ...backends] = process.argv.slice(2).map((address) => {
  const [host, port] = address.split(':');
  return { host, port: Number(port) };
});
let turn = 0;

function connect(client, tries) {
  if (tries === 0) return client.destroy();
  const backend = net.connect(backends[turn++ % backends.length]);
  backend.once('connect', () => {
    backend.removeAllListeners('error');
    const end = () => (client.destroy(), backend.destroy());
    for (const [from, to] of [[client, backend], [backend, client]]) {
      from.setNoDelay(true);
      from.on('error', end).on('close', end).pipe(to);
    }
    client.resume();
  });
  backend.once('error', () => connect(client, tries - 1));
}

const server = net.createServer({ pauseOnConnect: true }, (client) => {
  client.on('error', () => client.destroy());
  connect(client, backends.length);
});
server.listen(front.port, front.host);
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
