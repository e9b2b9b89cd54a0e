import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { UsuarioRegistradoSchema, UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import type { EventMeta } from '@plataforma/runtime/event-message';
import { contatosConsumer } from './contatos-consumer.ts';

const meta: EventMeta = {
  id: 'evento',
  subject: 'auth.v1.UsuarioRegistrado',
  agregado: { tipo: 'usuario', id: 'cli_1', versao: 7 },
  ocorridoEm: new Date('2026-11-20T12:00:00Z'),
  entrega: 1,
};

/** What happened, in order: the work of the transaction, its end, the call to the sender. */
function cenario() {
  const passos: unknown[] = [];
  const consumer = contatosConsumer({
    registrar: {
      async execute(conta) {
        passos.push(['registrar', conta], 'commit');
      },
    },
    remover: {
      async execute({ usuarioId, versao }) {
        passos.push(['remover', usuarioId, versao], 'commit');
      },
    },
    keys: { keyOf: async () => undefined },
    wake: () => void passos.push('wake'),
  });
  return { consumer, passos };
}

describe('contatosConsumer', () => {
  it('listens to what auth says', () => {
    const { consumer } = cenario();
    expect(consumer).toMatchObject({ durable: 'notificacoes-contatos', stream: 'AUTH', filter: 'auth.v1.>' });
  });

  it('wakes the sender after the contact is committed, with the version of the account', async () => {
    const { consumer, passos } = cenario();
    const registrado = consumer.on.find(({ schema }) => schema === UsuarioRegistradoSchema);
    const dados = { usuarioId: 'cli_1', nome: 'Ana', email: 'ana@exemplo.com' };
    await registrado?.handle(create(UsuarioRegistradoSchema, { ...dados, emailVerificado: true }), meta);
    const contato = { ...dados, versao: 7, verificado: true };
    const em = meta.ocorridoEm;
    expect(passos).toEqual([['registrar', { contato, codigo: '', em }], 'commit', 'wake']);
  });

  it.each([
    ['whose address is to be proved', { codigoVerificacao: 'codigo' }, false],
    ['whose address needs no proof', { emailVerificado: true }, true],
    ['whose address another account has proved', {}, false],
  ])('knows an account %s', async (_, estado, verificado) => {
    const { consumer, passos } = cenario();
    const registrado = consumer.on.find(({ schema }) => schema === UsuarioRegistradoSchema);
    await registrado?.handle(create(UsuarioRegistradoSchema, { usuarioId: 'cli_1', ...estado }), meta);
    expect(passos[0]).toMatchObject(['registrar', { contato: { verificado } }]);
  });

  it('wakes the sender after a removal, so that what waits for the person is taken back', async () => {
    const { consumer, passos } = cenario();
    const removido = consumer.on.find(({ schema }) => schema === UsuarioRemovidoSchema);
    await removido?.handle(create(UsuarioRemovidoSchema, { usuarioId: 'cli_1' }), meta);
    expect(passos).toEqual([['remover', 'cli_1', 7], 'commit', 'wake']);
  });
});
