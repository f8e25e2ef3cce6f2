<?php
/**
 * Plugin Name: Sharedesk
 * Description: Tells the share desk when a post is published, updated, scheduled or taken down; signed (Standard Webhooks).
 * Version: 1.0
 * Requires at least: 5.3
 * Requires PHP: 7.4
 * License: MIT
 *
 * In wp-config.php: define( 'SHAREDESK_URL', 'https://desk.example/hooks/wordpress' );
 *                   define( 'SHAREDESK_SECRET', 'whsec_...' );
 */

defined( 'ABSPATH' ) || exit;

const SHAREDESK_RETRIES = array( 60, 300, 1800, 7200, 28800 ); // Seconds; WP-Cron comes at the next visit after that.

/** What a change of status means to readers; null when it means nothing to them. */
function sharedesk_event( string $old, string $new, bool $was_out ): ?string {
	if ( 'publish' === $new ) {
		return 'publish' === $old ? 'updated' : ( $was_out ? 'republished' : 'published' );
	}
	if ( 'publish' === $old ) {
		return in_array( $new, array( 'trash', 'deleted' ), true ) ? 'deleted' : 'unpublished';
	}
	return 'future' === $new && 'future' !== $old ? 'scheduled' : null;
}

/** The signature of https://www.standardwebhooks.com. */
function sharedesk_sign( string $id, int $timestamp, string $body, string $secret ): string {
	$key = 0 === strpos( $secret, 'whsec_' ) ? base64_decode( substr( $secret, 6 ), true ) : $secret;
	return 'v1,' . base64_encode( hash_hmac( 'sha256', "$id.$timestamp.$body", (string) $key, true ) );
}

/** Changes are collected and sent when the request ends: only then do sections, tags and the picture stand. */
function sharedesk_note( string $new, string $old, WP_Post $post ): void {
	global $sharedesk_changes;
	$types = apply_filters( 'sharedesk_post_types', array( 'post' ) );
	if ( ! in_array( $post->post_type, $types, true ) || $post->post_password || ( defined( 'WP_IMPORTING' ) && WP_IMPORTING ) ) {
		return;
	}
	$first = $sharedesk_changes[ $post->ID ]['old'] ?? $old;
	$sharedesk_changes[ $post->ID ] = array( 'old' => $first, 'new' => $new, 'post' => $post );
}
add_action( 'transition_post_status', 'sharedesk_note', 10, 3 );
add_action( 'before_delete_post', function ( $post_id ) {
	$post = get_post( $post_id );
	$post && sharedesk_note( 'deleted', $post->post_status, $post );
} );

add_action( 'shutdown', function () {
	global $sharedesk_changes;
	if ( empty( $sharedesk_changes ) || ! defined( 'SHAREDESK_URL' ) || ! defined( 'SHAREDESK_SECRET' ) ) {
		return;
	}
	if ( function_exists( 'fastcgi_finish_request' ) ) {
		fastcgi_finish_request(); // The editor has the answer and does not wait for us.
	}
	foreach ( $sharedesk_changes as $post_id => $change ) {
		$event = sharedesk_event( $change['old'], $change['new'], (bool) get_post_meta( $post_id, '_sharedesk_out', true ) );
		if ( null === $event ) {
			continue;
		}
		if ( 'publish' === $change['new'] ) {
			update_post_meta( $post_id, '_sharedesk_out', 1 );
		}
		$payload = sharedesk_payload( $event, $change, get_post( $post_id ) ?: $change['post'] );
		sharedesk_send( 'msg_' . wp_generate_uuid4(), (string) wp_json_encode( $payload ), 0 );
	}
	$sharedesk_changes = array();
} );

function sharedesk_payload( string $event, array $change, WP_Post $post ): array {
	$category = get_the_category( $post->ID )[0] ?? null;
	$picture  = (int) get_post_thumbnail_id( $post->ID );
	$writers  = function_exists( 'get_coauthors' ) ? get_coauthors( $post->ID ) : array( get_userdata( $post->post_author ) );
	return array(
		'event'      => $event,
		'old_status' => $change['old'],
		'new_status' => $change['new'],
		'at'         => gmdate( 'Y-m-d\TH:i:s\Z' ),
		'site_name'  => get_bloginfo( 'name' ),
		'post'       => array(
			'id'             => $post->ID,
			'type'           => $post->post_type,
			'status'         => $change['new'],
			'slug'           => $post->post_name,
			'link'           => get_permalink( $post ),
			'title'          => array( 'raw' => $post->post_title ),
			'excerpt'        => array( 'raw' => $post->post_excerpt ),
			'content'        => array( 'rendered' => mb_substr( strip_shortcodes( $post->post_content ), 0, 100000 ) ),
			'date_gmt'       => $post->post_date_gmt,
			'modified_gmt'   => $post->post_modified_gmt,
			'authors'        => array_map( fn( $writer ) => array( 'name' => $writer->display_name ), array_filter( $writers ) ),
			'section'        => $category ? $category->name : null,
			'tags'           => wp_get_post_tags( $post->ID, array( 'fields' => 'names' ) ),
			'lang'           => get_locale(),
			'featured_image' => $picture ? array(
				'url'     => wp_get_attachment_url( $picture ),
				'alt'     => get_post_meta( $picture, '_wp_attachment_image_alt', true ),
				'caption' => wp_get_attachment_caption( $picture ),
			) : null,
		),
	);
}

/** Sends, keeps the answer, and comes back later where it makes sense: the id stays, so nothing is shared twice. */
function sharedesk_send( string $id, string $body, int $try ): void {
	$now    = time();
	$answer = wp_remote_post( SHAREDESK_URL, array(
		'timeout'     => 3,
		'redirection' => 0,
		'body'        => $body,
		'headers'     => array( 'Content-Type' => 'application/json', 'webhook-id' => $id, 'webhook-timestamp' => (string) $now, 'webhook-signature' => sharedesk_sign( $id, $now, $body, SHAREDESK_SECRET ) ),
	) );
	$status = is_wp_error( $answer ) ? 0 : (int) wp_remote_retrieve_response_code( $answer );
	$again  = 0 === $status || 429 === $status || $status >= 500;
	$said   = is_wp_error( $answer ) ? $answer->get_error_message() : wp_remote_retrieve_body( $answer );
	update_option( 'sharedesk_last', array( 'at' => $now, 'status' => $status, 'said' => mb_substr( $said, 0, 500 ), 'again' => $again ), false );
	if ( $again && isset( SHAREDESK_RETRIES[ $try ] ) ) {
		wp_schedule_single_event( $now + SHAREDESK_RETRIES[ $try ], 'sharedesk_again', array( $id, $body, $try + 1 ) );
	}
}
add_action( 'sharedesk_again', 'sharedesk_send', 10, 3 );

/** The last answer, under Tools always and on every page while something is wrong. */
add_action( 'admin_notices', function () {
	$last = get_option( 'sharedesk_last', array( 'at' => 0, 'status' => 0, 'said' => '', 'again' => false ) );
	$set  = defined( 'SHAREDESK_URL' ) && defined( 'SHAREDESK_SECRET' );
	$good = $set && ( 0 === $last['at'] || ( $last['status'] >= 200 && $last['status'] < 300 ) );
	if ( ! current_user_can( 'publish_posts' ) || ( $good && 'tools' !== get_current_screen()->id ) ) {
		return;
	}
	$say  = fn( $korean, $english ) => 0 === strpos( get_user_locale(), 'ko' ) ? $korean : $english;
	$line = $say( '아직 보낸 것이 없다.', 'Nothing was sent yet.' );
	if ( ! $set ) {
		$line = $say( 'wp-config.php에 SHAREDESK_URL과 SHAREDESK_SECRET이 없다. 아무것도 보내지 않는다.', 'SHAREDESK_URL and SHAREDESK_SECRET are not in wp-config.php. Nothing is sent.' );
	} elseif ( $last['at'] ) {
		$line = wp_date( 'Y-m-d H:i:s', $last['at'] ) . " · {$last['status']} · {$last['said']}" . ( $last['again'] ? $say( ' · 다시 보낸다.', ' · It will be sent again.' ) : '' );
	}
	printf( '<div class="notice notice-%s"><p>Sharedesk: %s</p></div>', $good ? 'info' : 'warning', esc_html( $line ) );
} );
