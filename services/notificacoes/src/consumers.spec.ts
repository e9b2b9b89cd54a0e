import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { UsuarioRegistradoSchema, UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import {
  CobrancaCanceladaSchema,
  CobrancaCriadaSchema,
  PagamentoRecusadoSchema,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import type { EventMeta } from '@plataforma/runtime/event-message';
import { createConsumers } from './consumers.ts';

const meta: EventMeta = {
  id: 'evento',
  subject: 'auth.v1.UsuarioRegistrado',
  agregado: { tipo: 'usuario', id: 'cli_1', versao: 7 },
  ocorridoEm: new Date('2026-11-20T12:00:00Z'),
  entrega: 1,
};

/** What happened, in order: the work of the transaction, its end, the call to the sender. */
/** @param escritas messages that a fact leads to */
function cenario(escritas = 1) {
  const passos: unknown[] = [];
  const consumers = createConsumers({
    contas: {
      async registrar(conta) {
        passos.push(['registrar', conta], 'commit');
      },
      async remover(usuarioId) {
        passos.push(['remover', usuarioId], 'commit');
      },
    },
    registrar: {
      async execute() {
        passos.push('commit');
        return escritas;
      },
    },
    wake: () => void passos.push('wake'),
  });
  return { consumers, passos };
}

describe('createConsumers', () => {
  it.each([
    ['notificacoes-contatos', 'AUTH', 'auth.v1.>'],
    ['notificacoes-reservas', 'RESERVAS', 'reservas.v1.>'],
    ['notificacoes-pagamentos', 'PAGAMENTOS', 'pagamentos.v1.>'],
  ])('listens as %s', (durable, stream, filter) => {
    const { consumers } = cenario();
    expect(consumers.find((consumer) => consumer.durable === durable)).toMatchObject({ stream, filter });
  });

  it('wakes the sender after the contact is committed, with the version of the account', async () => {
    const { consumers, passos } = cenario();
    const registrado = consumers[0]?.on.find(({ schema }) => schema === UsuarioRegistradoSchema);
    const dados = { usuarioId: 'cli_1', nome: 'Ana', email: 'ana@exemplo.com' };
    await registrado?.handle(create(UsuarioRegistradoSchema, dados), meta);
    const contato = { ...dados, versao: 7, verificado: true };
    const em = meta.ocorridoEm;
    expect(passos).toEqual([['registrar', { contato, codigo: '', em }], 'commit', 'wake']);
  });

  it.each([
    ['whose address is to be proved', { codigoVerificacao: 'codigo' }, false],
    ['whose address needs no proof', { emailVerificado: true }, true],
    ['of before there was a proof', {}, true],
  ])('knows an account %s', async (_, estado, verificado) => {
    const { consumers, passos } = cenario();
    const registrado = consumers[0]?.on.find(({ schema }) => schema === UsuarioRegistradoSchema);
    await registrado?.handle(create(UsuarioRegistradoSchema, { usuarioId: 'cli_1', ...estado }), meta);
    expect(passos[0]).toMatchObject(['registrar', { contato: { verificado } }]);
  });

  it('has nothing to say of a card that was declined for good', async () => {
    const { consumers, passos } = cenario();
    const recusado = consumers[2]?.on.find(({ schema }) => schema === PagamentoRecusadoSchema);
    const dados = { reservaId: 'res_1', clienteId: 'cli_1' };
    await recusado?.handle(create(PagamentoRecusadoSchema, { ...dados, definitiva: true }), meta);
    expect(passos).toEqual([]);
    await recusado?.handle(create(PagamentoRecusadoSchema, dados), meta);
    expect(passos).toEqual(['commit', 'wake']);
  });

  it('takes the closing of a charge for the word that nothing goes back only when it had been paid', async () => {
    const { consumers, passos } = cenario();
    const fechada = consumers[2]?.on.find(({ schema }) => schema === CobrancaCanceladaSchema);
    const ocorridoEm = timestampFromDate(meta.ocorridoEm);
    const dados = { reservaId: 'res_1', clienteId: 'cli_1', ocorridoEm };
    await fechada?.handle(create(CobrancaCanceladaSchema, dados), meta);
    expect(passos).toEqual([]);
    await fechada?.handle(create(CobrancaCanceladaSchema, { ...dados, foiPaga: true }), meta);
    expect(passos).toEqual(['commit', 'wake']);
  });

  it('lets the sender rest when a fact led to no message', async () => {
    const { consumers, passos } = cenario(0);
    const criada = consumers[2]?.on.find(({ schema }) => schema === CobrancaCriadaSchema);
    await criada?.handle(create(CobrancaCriadaSchema, { reservaId: 'res_1', clienteId: 'cli_1' }), meta);
    expect(passos).toEqual(['commit']);
  });

  it('wakes the sender after a removal, so that what waits for the person is taken back', async () => {
    const { consumers, passos } = cenario();
    const removido = consumers[0]?.on.find(({ schema }) => schema === UsuarioRemovidoSchema);
    await removido?.handle(create(UsuarioRemovidoSchema, { usuarioId: 'cli_1' }), meta);
    expect(passos).toEqual([['remover', 'cli_1'], 'commit', 'wake']);
  });
});
