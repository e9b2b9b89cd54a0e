import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ConfiguredServiceClients } from './service-clients.ts';

const digest = (secret: string) => createHash('sha256').update(secret).digest('hex');

describe('ConfiguredServiceClients', () => {
  it('opens to a service the audiences written down for it, for its own secret only', () => {
    const clients = new ConfiguredServiceClients([
      `reservas:${digest('um')}:pagamentos|notificacoes`,
      `pagamentos:${digest('dois')}:reservas`,
    ]);
    expect(clients.authenticate('reservas', 'um')).toEqual(['pagamentos', 'notificacoes']);
    expect(clients.authenticate('reservas', 'dois')).toBeUndefined();
    expect(clients.authenticate('auth', 'um')).toBeUndefined();
    expect(clients.authenticate('reservas', '')).toBeUndefined();
  });

  it.each([
    ['no audience', `reservas:${digest('um')}`],
    ['an empty audience', `reservas:${digest('um')}:`],
    ['a secret in clear', 'reservas:um-segredo:pagamentos'],
    ['a digest that is too short', `reservas:${digest('um').slice(1)}:pagamentos`],
    ['no name', `:${digest('um')}:pagamentos`],
    ['more behind it', `reservas:${digest('um')}:pagamentos:x`],
  ])('refuses an entry with %s by its position, without repeating it', (_, entry) => {
    const good = `auth:${digest('um')}:pagamentos`;
    expect(() => new ConfiguredServiceClients([good, entry])).toThrow(
      /^SERVICE_CLIENTS: entry 2 is not "name:sha256:audience\|audience"$/,
    );
  });
});
