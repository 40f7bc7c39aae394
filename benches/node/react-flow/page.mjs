// The same graph as ours in React Flow, with dots that ride on the edges by animateMotion: how people build it.
import { createElement as h } from 'react';
import { createRoot } from 'react-dom/client';
import { BaseEdge, ReactFlow, getBezierPath, useEdgesState, useNodesState } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import './page.css';

const query = new URLSearchParams(location.search);
const number = (name, fallback) => Number(query.get(name) ?? fallback);
const [exchanges, queues, edges, dots] = [number('exchanges', 2), number('queues', 2), number('edges', 2), number('dots', 0)];
const WIDTH = 20;

const place = (i, left) => ({ x: left + (i % WIDTH) * 160, y: 100 + Math.floor(i / WIDTH) * 120 });
const someNodes = [
  ...Array.from({ length: exchanges }, (_, i) => ({ id: `x${i}`, position: place(i, 300), data: { label: `x${i}` } })),
  ...Array.from({ length: queues }, (_, i) => ({ id: `q${i}`, position: place(i, 4000), data: { label: `q${i}` } })),
];
const someEdges = Array.from({ length: edges }, (_, i) => ({
  id: `e${i}`,
  source: `x${i % exchanges}`,
  target: `q${(i * 7 + Math.floor(i / exchanges)) % queues}`,
  type: dots > 0 ? 'dotted' : 'default',
  data: { dots: Math.floor(dots / edges) + (i < dots % edges ? 1 : 0) },
}));

function Dotted({ id, data, ...ends }) {
  const [path] = getBezierPath(ends);
  const riders = Array.from({ length: data.dots }, (_, i) =>
    h('circle', { key: i, r: 5, fill: '#c2410c' },
      h('animateMotion', { dur: '2s', begin: `${-i * 0.7}s`, repeatCount: 'indefinite', path })));
  return h('g', null, h(BaseEdge, { id, path }), ...riders);
}

const edgeTypes = { dotted: Dotted };

function Page() {
  const [nodes, , onNodesChange] = useNodesState(someNodes);
  const [lines, , onEdgesChange] = useEdgesState(someEdges);
  const onInit = () => requestAnimationFrame(() => performance.mark('mq-interactive'));
  return h(ReactFlow, { nodes, edges: lines, onNodesChange, onEdgesChange, edgeTypes, onInit, fitView: true, minZoom: 0.05 });
}

createRoot(document.getElementById('root')).render(h(Page));
