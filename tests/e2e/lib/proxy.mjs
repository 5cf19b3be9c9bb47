// The network between a browser and the server, as a TCP proxy that can be told to fail. Two ways, as networks have them: "reset"
// ends what is connected and refuses what comes; "silent" swallows both without a word, and what was swallowed comes late when
// the network is back (TCP sends it again).

import net from 'node:net';

export class Proxy {
  constructor(port) {
    this.target = port;
    this.pairs = new Set();
    this.cut = null;
  }

  async start() {
    this.server = net.createServer((client) => this.accept(client));
    await new Promise((done, fail) => {
      this.server.on('error', fail);
      this.server.listen(0, '127.0.0.1', done);
    });
    this.origin = `http://localhost:${this.server.address().port}`;
    return this;
  }

  accept(client) {
    if (this.cut === 'reset') {
      client.resetAndDestroy();
      return;
    }
    const pair = { client, upstream: null };
    this.pairs.add(pair);
    client.on('error', () => undefined);
    client.on('close', () => this.end(pair));
    if (this.cut === null) this.join(pair);
    else client.pause(); /* a handshake that nobody answers */
  }

  join(pair) {
    const upstream = net.connect(this.target, '127.0.0.1');
    pair.upstream = upstream;
    upstream.on('error', () => pair.client.resetAndDestroy());
    upstream.on('close', () => this.end(pair));
    this.flow(pair);
  }

  flow({ client, upstream }) {
    client.pipe(upstream);
    upstream.pipe(client);
  }

  /* While everything is swallowed, so is a good-bye. */
  end(pair) {
    pair.over = true;
    if (this.cut === 'silent' || !this.pairs.delete(pair)) return;
    pair.client.destroy();
    pair.upstream?.destroy();
  }

  /** how: "reset" or "silent". */
  drop(how) {
    this.cut = how;
    for (const { client, upstream } of this.pairs) {
      if (how === 'reset') {
        client.resetAndDestroy();
        upstream?.resetAndDestroy();
      } else {
        client.unpipe();
        client.pause();
        upstream?.unpipe();
        upstream?.pause();
      }
    }
  }

  mend() {
    this.cut = null;
    for (const pair of this.pairs) {
      if (pair.over) this.end(pair);
      else if (pair.upstream === null) this.join(pair);
      else this.flow(pair);
    }
  }

  stop() {
    this.cut = null;
    for (const pair of this.pairs) this.end(pair);
    return new Promise((done) => this.server.close(done));
  }
}
