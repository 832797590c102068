/** What somebody answered so far, beside what the server found. Pure. */
import type { TemplateAnswers } from '../api/templates';
import type { Json, TemplateQuestion } from '../api/types';

/** Why an answer cannot be sent; a key under `templates.fault`. */
export type Fault = 'empty' | 'address';

const ADDRESS = /^https?:\/\/[^\s/]+\S*$/;

export function faultOf(question: TemplateQuestion, answer: Json | undefined): Fault | null {
  if (answer === undefined) return null;
  if (answer === null || (typeof answer === 'string' && answer.trim() === '')) return 'empty';
  return question.kind === 'address' && !ADDRESS.test(String(answer)) ? 'address' : null;
}

/** The answers that can be sent. */
export function sound(questions: readonly TemplateQuestion[], answers: TemplateAnswers): TemplateAnswers {
  const faulty = new Set(
    questions.filter((one) => faultOf(one, answers[one.id]) !== null).map((one) => one.id),
  );
  return Object.fromEntries(Object.entries(answers).filter(([id]) => !faulty.has(id)));
}

/** With one more answer; those that depended on the old one are found anew. */
export function answered(
  questions: readonly TemplateQuestion[],
  answers: TemplateAnswers,
  id: string,
  answer: Json,
): TemplateAnswers {
  const gone = new Set<string>();
  let grows = [id];
  while (grows.length > 0) {
    grows = questions.filter((one) => grows.includes(one.of) && !gone.has(one.id)).map((one) => one.id);
    for (const one of grows) gone.add(one);
  }
  const kept = Object.entries(answers).filter(([one]) => !gone.has(one));
  return { ...Object.fromEntries(kept), [id]: answer };
}
