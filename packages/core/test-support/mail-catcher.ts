import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import type { Certified } from './certificates.js';

/** An email that came in. */
export interface CaughtMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as they were sent. */
  readonly raw: string;
  /** It came by TLS. */
  readonly secure: boolean;
}

/** A mail server on a free port of this machine. */
export interface MailCatcher extends AsyncDisposable {
  readonly port: number;
  readonly caught: CaughtMail[];
  /** Recipients that were named, whether or not they were taken. */
  readonly named: string[];
}

export interface MailCatcherOptions {
  /** Offers STARTTLS, or speaks TLS from the start. */
  readonly tls?: Certified & { readonly fromTheStart?: boolean };
  /** Whom it lets in; everybody when absent. */
  readonly user?: { readonly name: string; readonly password: string };
  /** The status by which a recipient is refused; null takes it. */
  readonly refuse?: (to: string, count: number) => number | null;
}

export async function mailCatcher({ tls, user, refuse }: MailCatcherOptions = {}): Promise<MailCatcher> {
  const caught: CaughtMail[] = [];
  const named: string[] = [];
  const disabled = [...(tls === undefined ? ['STARTTLS'] : []), ...(user === undefined ? ['AUTH'] : [])];
  const server = new SMTPServer({
    ...(tls === undefined ? {} : { key: tls.key, cert: tls.certificate }),
    secure: tls?.fromTheStart === true,
    disabledCommands: disabled,
    authOptional: user === undefined,
    // Connections that clients keep are not waited for.
    closeTimeout: 1,
    onAuth(given, _session, done) {
      if (given.username === user?.name && given.password === user?.password) done(null, { user: given.username });
      else done(statusError(535));
    },
    onRcptTo({ address }, _session, done) {
      named.push(address);
      const status = refuse?.(address, named.length) ?? null;
      done(status === null ? null : statusError(status));
    },
    onData(stream, session, done) {
      void text(stream).then((raw) => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        caught.push({ from, to: rcptTo.map(({ address }) => address), raw, secure: session.secure });
        done();
      });
    },
  });
  // A client that turns away from a certificate is no error of the server.
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    caught,
    named,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => server.close(resolve));
    },
  };
}

function statusError(status: number): Error {
  return Object.assign(new Error('not here'), { responseCode: status });
}
