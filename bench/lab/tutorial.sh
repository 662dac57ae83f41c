#!/bin/bash
# tutorial.sh PROGRAMS DIRECTORY: the tutorial's network by the tutorial's own commands: two hosts of namespaces, a container on
# each, a ping each way, and all of it taken down again. What `weft lab up`, `verify` and `down` are measured against.
set -eu
export PATH=$1:/usr/sbin:/usr/bin:/sbin:/bin
directory=$2

start_host() { # NUMBER
	local host=$directory/host$1
	mkdir -p "$host"
	unshare --net --mount --uts --pid --fork --kill-child --propagation private sh -c "
		hostname host$1
		mount -t proc proc /proc && umount -l /sys && mount -t sysfs sysfs /sys && mount -t tmpfs tmpfs /run
		mkdir -p /run/netns /run/openvswitch
		ip link set lo up
		echo ready >$host/ready
		exec sleep infinity" &
	until [ -e "$host/ready" ]; do sleep 0.01; done
	pid[$1]=$(cat /proc/$!/task/$!/children)
	pid[$1]=${pid[$1]% }
	outer[$1]=$!
}

on() { # NUMBER SCRIPT
	nsenter -t "${pid[$1]}" --net --mount --uts --pid --root -- sh -ec "$2"
}

pid=() outer=()
start_host 1
start_host 2
ip link add eth0 netns "${pid[1]}" type veth peer name eth0 netns "${pid[2]}"
for n in 1 2; do
	on $n "
		ip addr add 172.31.99.$n/24 dev eth0
		ip link set eth0 up
		weftd --detach --db-file=$directory/host$n/conf.db --log-file=$directory/host$n/weftd.log
		ip link add vxlan0 type vxlan id 100 dstport 4789 group 239.0.0.1 dev eth0
		ip link set vxlan0 up
		ovs-vsctl add-br lu-br0
		ovs-vsctl add-port lu-br0 vxlan0
		ip link set vxlan0 up
		ip link set lu-br0 up
		ip netns add container0
		ip link add veth0 type veth peer name veth1
		ovs-vsctl add-port lu-br0 veth0
		ip link set dev veth0 up
		ip link set dev veth1 netns container0
		ip netns exec container0 ip link set lo up
		ip netns exec container0 ip link set veth1 name eth0
		ip netns exec container0 ip addr add 192.168.100.1$n/24 dev eth0
		ip netns exec container0 ip link set eth0 up"
done
on 2 "ip netns exec container0 ping -q -c1 -w 5 192.168.100.11" >/dev/null
on 1 "ip netns exec container0 ping -q -c1 -w 5 192.168.100.12" >/dev/null
for n in 1 2; do
	on $n "
		ip netns delete container0
		ovs-vsctl del-br lu-br0
		ip link delete vxlan0
		kill \$(cat /run/openvswitch/weftd.pid)"
done
kill -KILL "${outer[@]}"
wait 2>/dev/null || true
