import { describe, expect, it } from '@jest/globals';
import type { DadosReservaCancelada } from '../../modelos/domain/modelo.ts';
import { cotaDe, ehRecibo, foraDoLimite } from './limite-diario.ts';

describe('the share of an address', () => {
  const daVerificacao = (email: string) => cotaDe('BOAS_VINDAS', email);

  it('is one for all spellings of a mailbox that somebody signs up with', () => {
    const variantes = ['ana+1@exemplo.com', 'ana+2+3@exemplo.com', 'Ana+X@Exemplo.com'].map(daVerificacao);
    expect(new Set(variantes).size).toBe(1);
    const doGoogle = ['a.na@gmail.com', 'an.a+1@gmail.com', 'ana+@googlemail.com'].map(daVerificacao);
    expect(new Set(doGoogle).size).toBe(1);
  });

  it('is not taken by those from the address as it is', () => {
    expect(daVerificacao('ana@exemplo.com')).toBe('ana@exemplo.com');
    expect(daVerificacao('ana@gmail.com')).not.toBe(daVerificacao('a.na@gmail.com'));
    expect(daVerificacao('ana.maria@exemplo.com')).toBe('ana.maria@exemplo.com');
    expect(daVerificacao('+ana@exemplo.com')).toBe('+ana@exemplo.com');
  });

  it('is that of the very address once it is verified', () => {
    expect(cotaDe('LEMBRETE_RESERVA', 'ana+1@exemplo.com')).toBe('ana+1@exemplo.com');
  });
});

describe('a receipt', () => {
  const cancelada = (dados: Partial<DadosReservaCancelada>) =>
    ehRecibo({
      modelo: 'RESERVA_CANCELADA',
      dados: {
        ...{ reservaId: 'res_1', espacoNome: 'Sala', fusoHorario: 'UTC', motivo: '', moeda: 'BRL' },
        ...{
          inicio: '2026-11-24T17:00:00Z',
          fim: '2026-11-24T19:00:00Z',
          canceladaEm: '2026-11-20T12:00:00Z',
        },
        ...{ pagamentoId: 'pag_1', reembolsoCentavos: '0', creditoCentavos: '0', comCalendario: false },
        ...dados,
      },
    });

  it('is the cancellation of what was paid, whatever goes back', () => {
    expect(cancelada({ comCalendario: true })).toBe(true);
    expect(cancelada({ reembolsoCentavos: '5000' })).toBe(true);
  });

  it('is not the cancellation of what only had a charge, or cost nothing', () => {
    expect(cancelada({})).toBe(false);
    expect(cancelada({ pagamentoId: '', comCalendario: true })).toBe(false);
  });
});

describe('what is sent however many there are', () => {
  const aviso = { em: '2026-11-20T12:00:00Z', enderecoIp: '', dispositivo: '' };

  it('is a security notice, but not one that a stranger causes', () => {
    const modelo = 'AVISO_DE_SEGURANCA';
    expect(foraDoLimite({ modelo, dados: { ...aviso, tipo: 'SENHA_ALTERADA' }, verificado: true })).toBe(
      true,
    );
    expect(foraDoLimite({ modelo, dados: { ...aviso, tipo: 'CADASTRO_REPETIDO' }, verificado: true })).toBe(
      false,
    );
  });

  it('is the code for a new password, to an address that is proved; others share by mailbox', () => {
    const mensagem = {
      modelo: 'REDEFINICAO_SENHA',
      dados: { codigo: 'x', email: 'ana+1@exemplo.com' },
    } as const;
    expect(foraDoLimite({ ...mensagem, verificado: true })).toBe(true);
    expect(foraDoLimite({ ...mensagem, verificado: false })).toBe(false);
    expect(cotaDe('REDEFINICAO_SENHA', 'ana+1@exemplo.com')).toBe(cotaDe('BOAS_VINDAS', 'ana+2@exemplo.com'));
  });

  it('is not the code for another address, whoever has proved it: it can be asked for with any', () => {
    const dados = { codigo: 'x', email: 'ana+1@exemplo.com' };
    expect(foraDoLimite({ modelo: 'TROCA_DE_EMAIL', dados, verificado: true })).toBe(false);
    expect(cotaDe('TROCA_DE_EMAIL', 'ana+1@exemplo.com')).toBe(cotaDe('BOAS_VINDAS', 'ana+2@exemplo.com'));
  });
});
