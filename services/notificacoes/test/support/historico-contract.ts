import { describe, expect, it } from '@jest/globals';
import type { HistoricoDeNotificacoes, RegistroHistorico } from '../../src/mensagens/application/ports.ts';

const criada: RegistroHistorico = {
  notificacaoId: 'not_00000001',
  sequencia: 1,
  clienteId: 'cli_00000001',
  canal: 'EMAIL',
  modelo: 'RESERVA_CONFIRMADA',
  reservaId: 'res_00000001',
  tipo: 'CRIADA',
  destino: '',
  detalhe: '',
  ocorridoEm: new Date('2026-11-23T12:00:00.123Z'),
};

const falhou: RegistroHistorico = {
  ...criada,
  sequencia: 2,
  tipo: 'TENTATIVA_FALHOU',
  destino: 'a***a@exemplo.com',
  detalhe: 'SMTP 451 4.7.1 EMESSAGE DATA',
};

/** What every adapter of the history must do, whatever it is made of. */
export function historicoContract(nome: string, historico: () => HistoricoDeNotificacoes): void {
  describe(`${nome} as HistoricoDeNotificacoes`, () => {
    const de = (notificacaoId: string, ...registros: RegistroHistorico[]) =>
      registros.map((registro) => ({ ...registro, notificacaoId }));

    it('answers nothing when the message is unknown', async () => {
      expect(await historico().daNotificacao('not_desconhecida')).toEqual([]);
    });

    it('gives records back by sequence when they came in another order', async () => {
      for (const registro of de('not_ordem', falhou, criada)) await historico().registrar(registro);
      expect(await historico().daNotificacao('not_ordem')).toEqual(de('not_ordem', criada, falhou));
    });

    it('keeps the messages apart', async () => {
      for (const registro of [...de('not_uma', criada), ...de('not_outra', criada, falhou)])
        await historico().registrar(registro);
      expect(await historico().daNotificacao('not_uma')).toEqual(de('not_uma', criada));
    });

    it('keeps the first record when the same one comes again, even changed', async () => {
      const [primeira] = de('not_repetida', criada);
      if (!primeira) throw new Error('no record');
      await historico().registrar(primeira);
      await historico().registrar({ ...primeira, tipo: 'ENVIADA' });
      expect(await historico().daNotificacao('not_repetida')).toEqual([primeira]);
    });

    it('keeps one record when the same one comes many times at once', async () => {
      const [registro] = de('not_corrida', criada);
      if (!registro) throw new Error('no record');
      await Promise.all(Array.from({ length: 8 }, () => historico().registrar(registro)));
      expect(await historico().daNotificacao('not_corrida')).toEqual([registro]);
    });
  });
}
