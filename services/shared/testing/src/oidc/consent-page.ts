import { PEOPLE } from './people.ts';

const escaped = (text: string) =>
  text.replace(
    /[&<>"']/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign] ?? '',
  );

/** Asks who the person at the browser wants to be; `pending` names the request that the answer belongs to. */
export function consentPage(pending: string, clientId: string): string {
  const request = `<input type="hidden" name="request" value="${escaped(pending)}">`;
  const choices = PEOPLE.map(
    ({ sub, name, email, emailVerified }) => `
      <form method="post">${request}<button name="sub" value="${escaped(sub)}">
        <b>${escaped(name)}</b> ${escaped(email)}${emailVerified ? '' : ' (endereço não verificado)'}
      </button></form>`,
  ).join('');
  return page(
    'Quem você quer ser?',
    `<p>Este provedor de identidade é local: ele faz as vezes do Google e acredita em tudo.
     <b>${escaped(clientId)}</b> quer saber quem você é.</p>${choices}
     <form method="post">${request}
       <input name="name" placeholder="Nome" required maxlength="120">
       <input name="email" type="email" placeholder="E-mail" required maxlength="254">
       <label><input type="checkbox" name="verified" value="yes" checked> endereço verificado</label>
       <button>Ser outra pessoa</button></form>
     <form method="post">${request}<button name="deny" value="yes">Recusar</button></form>`,
  );
}

/** Where a browser ends that logs in to something without pages of its own: shows what `FinishGoogle` takes. */
export function landingPage(query: URLSearchParams): string {
  const answer = Object.fromEntries(['code', 'state', 'iss'].map((name) => [name, query.get(name) ?? '']));
  const denied = query.get('error');
  return denied === null
    ? page(
        'De volta',
        `<p>Isto vai para o login, com o cookie de quem o começou:</p><pre>${escaped(JSON.stringify(answer, null, 2))}</pre>`,
      )
    : page('De volta', `<p>O login foi recusado: ${escaped(denied)}.</p>`);
}

/** A request that must not be answered by sending the browser on. */
export function refusalPage(why: string): string {
  return page('Pedido recusado', `<p>${escaped(why)}</p>`);
}

function page(title: string, content: string): string {
  return `<!doctype html><html lang="pt-BR"><meta charset="utf-8"><title>${title}</title>
<style>body{font:16px system-ui;max-width:34rem;margin:3rem auto}form{margin:.5rem 0}button{font:inherit;padding:.6rem;text-align:left}</style>
<h1>${title}</h1>${content}</html>`;
}
