import { interactive, launch } from './browser.mjs';
const out='/tmp/look'; import { mkdir } from 'node:fs/promises'; await mkdir(out,{recursive:true});
const b=await launch(); const url=process.argv[2]||'http://127.0.0.1:8090/';
async function open(opts){ const p=await b.newPage(opts); p.on('console',m=>console.log('console',m.type(),m.text())); p.on('pageerror',e=>console.log('ERR',e.message)); await p.goto(url,{waitUntil:'networkidle'}); await interactive(p,{timeout:15000}).catch(()=>console.log('no mark')); return p;}
const D={width:1440,height:900};
let p=await open({viewport:D}); await p.screenshot({path:out+'/1-start.png'});
const step=p.getByRole('button',{name:/step by step/i}).first(); await step.click().catch(e=>console.log(e.message));
for(let i=0;i<5;i++){ await p.getByRole('button',{name:/one step|step/i}).last().click({timeout:2000}).catch(e=>console.log('x',e.message.slice(0,100))); await p.waitForTimeout(500);} 
await p.screenshot({path:out+'/2-steps.png'});
await p.getByRole('combobox').first().selectOption({index:1}).catch(e=>console.log(e.message.slice(0,200)));
await p.waitForTimeout(500); await p.getByRole('button',{name:/^play/i}).first().click().catch(e=>console.log(e.message.slice(0,200)));
await p.waitForTimeout(6500); await p.screenshot({path:out+'/3-work.png'}); await p.waitForTimeout(6000); await p.screenshot({path:out+'/4-work.png'});
await p.getByText('Table',{exact:true}).first().click().catch(e=>console.log(e.message.slice(0,200))); await p.waitForTimeout(300); await p.screenshot({path:out+'/5-table.png'});
await p.close();
p=await open({viewport:{width:390,height:844},deviceScaleFactor:2,isMobile:true,hasTouch:true}); await p.screenshot({path:out+'/6-phone.png'}); await p.close();
p=await open({viewport:D,colorScheme:'dark',locale:'zh-CN'}); await p.getByRole('button',{name:/播放|play/i}).first().click().catch(()=>{}); await p.waitForTimeout(3500); await p.screenshot({path:out+'/7-dark-zh.png'}); await p.close();
await b.close();
