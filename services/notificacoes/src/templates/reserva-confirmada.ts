import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Eta } from 'eta';
import type { Conteudo } from '../application/ports.ts';
import { escreverCalendario } from '../domain/calendario.ts';
import type { DadosReservaConfirmada } from '../domain/notificacao.ts';
import { formatarDinheiro, formatarInicioCurto, formatarPeriodo, saudacao, umaLinha } from './formatos.ts';
import { HTML, TEXTO } from './reserva-confirmada-fontes.ts';

const MAX_NOME_NO_ASSUNTO = 80;

const escapado = new Eta({ autoEscape: true, autoTrim: [false, 'nl'] });
const puro = new Eta({ autoEscape: false, autoTrim: false });
// Compiled once; a template that does not parse keeps the service from starting.
const html = escapado.compile(HTML);
const texto = puro.compile(TEXTO);

/** Subject line: what, where and when, readable in a list of messages. */
export function assuntoReservaConfirmada({
  espacoNome,
  inicio,
  fusoHorario,
}: DadosReservaConfirmada): string {
  const caracteres = [...umaLinha(espacoNome)];
  const curto = caracteres.length <= MAX_NOME_NO_ASSUNTO;
  const nome = curto ? caracteres.join('') : `${caracteres.slice(0, MAX_NOME_NO_ASSUNTO - 1).join('')}…`;
  return `Reserva confirmada: ${nome}, ${formatarInicioCurto(new Date(inicio), fusoHorario)}`;
}

/** The e-mail that says that a reservation is paid and certain, with the entry for the calendar. */
export function renderizarReservaConfirmada(
  dados: DadosReservaConfirmada,
  nome: string,
  remetente: { readonly nome: string; readonly email: string },
): Conteudo {
  const visao = {
    titulo: assuntoReservaConfirmada(dados),
    saudacao: saudacao(nome),
    espaco: umaLinha(dados.espacoNome),
    periodo: periodo(dados),
    reservaId: dados.reservaId,
    linhas: linhas(dados),
  };
  return {
    html: escapado.render(html, visao),
    texto: puro.render(texto, visao),
    anexos: [
      {
        nome: `reserva-${dados.reservaId}.ics`,
        tipo: 'text/calendar; charset=utf-8; method=PUBLISH',
        conteudo: calendario(dados, remetente),
      },
    ],
  };
}

function linhas(dados: DadosReservaConfirmada): Array<{ rotulo: string; valor: string }> {
  return [
    { rotulo: 'Espaço', valor: umaLinha(dados.espacoNome) },
    { rotulo: 'Quando', valor: periodo(dados) },
    { rotulo: 'Endereço', valor: umaLinha(dados.espacoEndereco) },
    { rotulo: 'Valor pago', valor: formatarDinheiro(valorDe(dados)) },
    { rotulo: 'Reserva', valor: dados.reservaId },
    { rotulo: 'Pagamento', valor: dados.pagamentoId },
  ].filter(({ valor }) => valor !== '');
}

function calendario(dados: DadosReservaConfirmada, remetente: { nome: string; email: string }): string {
  const dominio = remetente.email.slice(remetente.email.lastIndexOf('@') + 1);
  return escreverCalendario({
    uid: `${dados.reservaId}@${dominio}`,
    sequencia: 0,
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
}

const periodo = ({ inicio, fim, fusoHorario }: DadosReservaConfirmada) =>
  formatarPeriodo(new Date(inicio), new Date(fim), fusoHorario);

const valorDe = ({ valorCentavos, moeda }: DadosReservaConfirmada) =>
  Dinheiro.deCentavos(BigInt(valorCentavos), moeda);
