import type { Anexo, Contato } from '../../../canais/domain/mensagem.ts';
import { escreverCalendario } from '../../domain/calendario.ts';
import type { DadosReservaConfirmada } from '../../domain/modelo.ts';
import { umaLinha } from '../leiaute/formatos.ts';
import { COR, type Linha } from '../leiaute/leiaute.ts';
import { assuntoDe, dinheiroDe, ondeEQuando, previaDe, uidDe } from '../leiaute/reserva.ts';
import type { Template } from '../leiaute/template.ts';

/** Says that a reservation is paid and certain, with the entry for the calendar. */
export const reservaConfirmada: Template<DadosReservaConfirmada> = {
  assunto: (dados) => assuntoDe('Reserva confirmada', dados),
  visao: (dados) => ({
    previa: previaDe(dados),
    selo: { texto: gratuita(dados) ? '✓ Nada a pagar' : '✓ Pagamento recebido', cor: COR.boa },
    cabecalho: 'Reserva confirmada',
    introducao: 'Sua reserva está garantida. Até breve!',
    abertura: gratuita(dados)
      ? 'Sua reserva está confirmada e não há nada a pagar.'
      : 'Sua reserva está confirmada e o pagamento foi recebido.',
    linhas: linhas(dados),
    fecho: `O arquivo anexo coloca a reserva na sua agenda. Para cancelar ou ver os detalhes, entre na plataforma e procure a reserva ${dados.reservaId}.`,
  }),
  anexos: (dados, remetente) => [calendario(dados, remetente)],
};

const gratuita = ({ valorCentavos }: DadosReservaConfirmada) => valorCentavos === '0';

function linhas(dados: DadosReservaConfirmada): Linha[] {
  return [
    ...ondeEQuando(dados),
    { rotulo: 'Endereço', valor: umaLinha(dados.espacoEndereco) },
    { rotulo: 'Valor pago', valor: gratuita(dados) ? '' : dinheiroDe(dados.valorCentavos, dados.moeda) },
    { rotulo: 'Reserva', valor: dados.reservaId },
    { rotulo: 'Pagamento', valor: dados.pagamentoId },
  ].filter(({ valor }) => valor !== '');
}

function calendario(dados: DadosReservaConfirmada, remetente: Contato): Anexo {
  const conteudo = escreverCalendario({
    uid: uidDe(dados.reservaId, remetente),
    situacao: 'CONFIRMADO',
    sequencia: dados.versao ?? 0,
    geradoEm: new Date(dados.confirmadaEm),
    inicio: new Date(dados.inicio),
    fim: new Date(dados.fim),
    titulo: umaLinha(dados.espacoNome),
    descricao: linhas(dados)
      .map(({ rotulo, valor }) => `${rotulo}: ${valor}`)
      .join('\n'),
    local: umaLinha(dados.espacoEndereco),
    organizador: { nome: remetente.nome || remetente.email, email: remetente.email },
  });
  return {
    nome: `reserva-${dados.reservaId}.ics`,
    tipo: 'text/calendar; charset=utf-8; method=PUBLISH',
    conteudo,
  };
}
